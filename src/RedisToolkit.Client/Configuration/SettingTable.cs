using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace RedisToolkit.Client;

/// <summary>The keys that connection strings know.</summary>
internal static class SettingTable
{
    private static readonly Setting[] Both =
    [
        new("user", ["username"], (s, v) => s.Options = s.Options with { User = v.TextOrNull }),
        new("password", [], (s, v) => s.Options = s.Options with { Password = v.Text }),
        new("database", ["db", "defaultDatabase"], (s, v) => s.Options = s.Options with { Database = v.Integer() }),
        new("client_name", ["name"], (s, v) => s.Options = s.Options with { ClientName = v.TextOrNull }),
        new("library_name", [], (s, v) => s.Options = s.Options with { LibraryName = v.TextOrNull }),
        new("protocol", [], (s, v) => s.Options = s.Options with { Protocol = v.Protocol() }),
        new("verify_replies", ["highIntegrity"], (s, v) => s.Options = s.Options with { VerifyReplies = v.Switch() }),

        new("cluster", [], (s, v) => s.Options = s.Options with { Cluster = v.Switch() ? s.Options.Cluster ?? new() : null }),
        new("cluster_refresh_interval", [], (s, v) => s.Options = s.Options with { Cluster = (s.Options.Cluster ?? new()) with { RefreshInterval = v.Time() } }),

        new("tls_host", ["sslHost"], (s, v) => s.TlsOptions = s.TlsOptions with { TargetHost = v.TextOrNull }),
        new("tls_protocols", ["sslProtocols"], (s, v) => s.TlsOptions = s.TlsOptions with { Protocols = v.TlsVersions() }),
        new("check_certificate_revocation", [], (s, v) => s.TlsOptions = s.TlsOptions with
        {
            RevocationMode = v.Switch() ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
        }),

        new("service_name", ["sentinel_service_name"], (s, v) =>
        {
            s.Sentinel = s.Sentinel with { ServiceName = v.Text };
            s.HostsAreSentinels |= !v.Uri && v.Text.Length > 0;
        }),
        new("sentinel_user", [], (s, v) => s.Sentinel = s.Sentinel with { User = v.TextOrNull }),
        new("sentinel_password", [], (s, v) => s.Sentinel = s.Sentinel with { Password = v.TextOrNull }),
        new("sentinel_tls", ["sentinel_ssl"], (s, v) => s.SentinelTls = v.Switch()),
        new("sentinel_connect_timeout", [], (s, v) => s.Sentinel = s.Sentinel with { ConnectTimeout = v.Time() }),
        new("sentinel_answer_timeout", [], (s, v) => s.Sentinel = s.Sentinel with { AnswerTimeout = v.Time() }),
        new("sentinel_refresh_interval", [], (s, v) => s.Sentinel = s.Sentinel with { RefreshInterval = v.Time() }),
        new("sentinel_search_interval", [], (s, v) => s.Sentinel = s.Sentinel with { SearchInterval = v.Time() }),

        new("connect_timeout", [], (s, v) => s.Options = s.Options with { ConnectTimeout = v.Time() }),
        new("command_timeout", [], (s, v) => s.Options = s.Options with { CommandTimeout = v.Time() }),
        new("heartbeat_interval", [], (s, v) => s.Options = s.Options with { HeartbeatInterval = v.Time() }),
        new("heartbeat_timeout", [], (s, v) => s.Options = s.Options with { HeartbeatTimeout = v.Time() }),
        new("tcp_user_timeout", [], (s, v) => s.Options = s.Options with { TcpUserTimeout = v.Time() }),
        new("dedicated_idle_timeout", [], (s, v) => s.Options = s.Options with { DedicatedIdleTimeout = v.Time() }),
        new("drain_timeout", [], (s, v) => s.Options = s.Options with { DrainTimeout = v.Time() }),
        new("reconnect_min_delay", [], (s, v) => s.Options = s.Options with { Reconnect = s.Options.Reconnect with { MinDelay = v.Time() } }),
        new("reconnect_max_delay", [], (s, v) => s.Options = s.Options with { Reconnect = s.Options.Reconnect with { MaxDelay = v.Time() } }),

        new("connections_per_endpoint", [], (s, v) => s.Options = s.Options with { ConnectionsPerEndpoint = v.Integer() }),
        new("max_in_flight_commands", [], (s, v) => s.Options = s.Options with { MaxInFlightCommands = v.Integer() }),
        new("max_in_flight_bytes", [], (s, v) => s.Options = s.Options with { MaxInFlightBytes = v.Integer() }),
        new("max_dedicated_connections", [], (s, v) => s.Options = s.Options with { MaxDedicatedConnections = v.Integer() }),
        new("max_repeats", [], (s, v) => s.Options = s.Options with { MaxRepeats = v.Integer() }),
        new("max_reply_bytes", [], (s, v) => s.Options = s.Options with { MaxReplyBytes = v.Integer() }),
        new("max_reply_depth", [], (s, v) => s.Options = s.Options with { MaxReplyDepth = v.Integer() }),
        new("max_reply_elements", [], (s, v) => s.Options = s.Options with { MaxReplyElements = v.Integer() }),
        new("max_argument_bytes", [], (s, v) => s.Options = s.Options with { MaxArgumentBytes = v.Integer() }),
        new("subscription_buffer", [], (s, v) => s.Options = s.Options with { SubscriptionBuffer = v.Integer() }),
    ];

    /// <summary>Keys of StackExchange.Redis alone. Those that change nothing here are still read, so that a slip in them is told.</summary>
    private static readonly Setting[] CommaOnly =
    [
        new("ssl", ["tls"], (s, v) => s.Tls = v.Switch()),
        new("asyncTimeout", [], (s, v) => s.AsyncTimeout = v.Time()),
        new("syncTimeout", [], (s, v) => s.SyncTimeout = v.Time()),

        new("abortConnect", [], (_, v) => v.Switch()),
        new("allowAdmin", [], (_, v) => v.Switch()),
        new("resolveDns", [], (_, v) => v.Switch()),
        new("connectRetry", [], (_, v) => v.Integer()),
        new("keepAlive", [], (_, v) => v.Integer()),
        new("configCheckSeconds", [], (_, v) => v.Integer()),
        new("version", [], (_, v) => v.MustBe(char.IsAsciiDigit(v.Text.FirstOrDefault()), "a version, as in 7.2")),
        new("configChannel", [], (_, _) => { }),
        new("tiebreaker", [], (_, _) => { }),
        new("responseTimeout", [], (_, _) => { }),
        new("writeBuffer", [], (_, _) => { }),
        new("preserveAsyncOrder", [], (_, _) => { }),
        new("highPriorityThreads", [], (_, _) => { }),

        new("setlib", [], (_, v) => v.MustBe(v.Switch(), "true: the library's name is always told, and a server that refuses it is no fault")),
        new("proxy", [], (_, v) => v.MustBe(
            v.Text.Equals("none", StringComparison.OrdinalIgnoreCase), "None: proxies with fewer commands are described by $NAME=")),
        new("tunnel", [], (_, v) => v.MustBe(v.Text.Length is 0, "nothing: servers are connected to directly")),
        new("channelPrefix", [], (_, v) => v.MustBe(v.Text.Length is 0, "nothing: give channels their prefix where they are named")),
    ];

    private static readonly FrozenDictionary<string, Setting> ByUriKey = Index(Both);
    private static readonly FrozenDictionary<string, Setting> ByCommaKey = Index([.. Both, .. CommaOnly]);

    internal static bool TryFind(string key, bool uri, [NotNullWhen(true)] out Setting? setting) =>
        (uri ? ByUriKey : ByCommaKey).TryGetValue(Normal(key), out setting);

    /// <summary>Gives the known key that is at most a third of its letters away, 3 at most; null if there is none.</summary>
    internal static string? Nearest(string key, bool uri)
    {
        string wanted = Normal(key);
        if (wanted.Length is 0 or > 40) return null;
        (string Name, int Distance) best = ("", int.MaxValue);
        foreach ((string known, Setting setting) in uri ? ByUriKey : ByCommaKey)
        {
            int distance = Distance(wanted, known);
            if (distance <= Math.Min(3, known.Length / 3) && distance < best.Distance) best = (setting.Name, distance);
        }

        return best.Distance is int.MaxValue ? null : best.Name;
    }

    /// <summary>connectTimeout, connect_timeout and CONNECT-TIMEOUT are one key.</summary>
    private static string Normal(string key) =>
        key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static FrozenDictionary<string, Setting> Index(Setting[] settings) =>
        settings
            .SelectMany(s => s.Aliases.Prepend(s.Name).Select(name => KeyValuePair.Create(Normal(name), s)))
            .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How many letters must be put in, left out or replaced to make one word of the other (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }

    /// <summary>One key: its name in errors, its other names, and what it does.</summary>
    internal sealed record Setting(string Name, string[] Aliases, Action<ConnectionSettings, SettingValue> Apply);
}
