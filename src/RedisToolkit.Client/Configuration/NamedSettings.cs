using System.Globalization;

namespace RedisToolkit.Client;

/// <summary>
/// Settings by their names, as a configuration file has them: <c>CommandTimeout</c> is <c>00:00:02</c>, <c>Endpoints:0</c> is
/// <c>host:6379</c>. They are those of connection strings; whoever reads a file wants to hear of all its faults at once.
/// </summary>
internal static class NamedSettings
{
    private const string ConnectionStringKey = "ConnectionString";

    /// <summary>Reads and checks settings.</summary>
    /// <param name="source">Where they come from, for messages.</param>
    /// <param name="settings">Paths, with <c>:</c> between their parts, and values.</param>
    /// <param name="with">What code adds.</param>
    /// <returns>The options, their ranges checked.</returns>
    /// <exception cref="RedisOptionsException">A setting is unknown or cannot be read, or an option is out of its range; names all, and no value of them.</exception>
    public static RedisClientOptions Read(string source, IEnumerable<KeyValuePair<string, string>> settings, Func<RedisClientOptions, RedisClientOptions>? with)
    {
        var faults = new List<string>();
        KeyValuePair<string, string>[] all = [.. settings];
        string? connectionString = Array.Find(all, setting => Is(setting.Key, ConnectionStringKey)).Value;
        RedisClientOptions start = new();
        Try(faults, ConnectionStringKey, () => start = connectionString is null ? start : RedisClientOptions.Parse(connectionString));
        var read = new ConnectionSettings(uri: false) { Options = start, Tls = start.Tls is null ? null : true, TlsOptions = start.Tls ?? new RedisTlsOptions(), Sentinel = start.Sentinel ?? new RedisSentinelOptions(), SentinelTls = start.Sentinel is null ? null : start.Sentinel.Tls is not null };
        var sentinels = new List<RedisEndpoint>(start.Sentinel?.Endpoints ?? []);
        var endpoints = new List<RedisEndpoint>(connectionString is null ? [] : start.Endpoints);
        var renames = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string path, string value) in all)
        {
            if (!Is(path, ConnectionStringKey)) Try(faults, path, () => Apply(path, value, read, endpoints, sentinels, renames));
        }

        if (faults.Count == 0 && read.Tls is null && read.TlsOptions != new RedisTlsOptions()) faults.Add("Tls has details but is not turned on; add Tls:Enabled = true, or false to leave it off");
        RedisClientOptions options = read.Options with
        {
            Endpoints = endpoints.Count == 0 ? start.Endpoints : endpoints,
            Tls = read.Tls is true ? read.TlsOptions : null,
            Sentinel = Sentinels(read, sentinels),
        };
        Try(faults, "CommandMap", () => options = renames.Count == 0 ? options : options with { CommandMap = RedisCommandMap.Create(renames) });
        if (with is not null) options = with(options);
        try
        {
            RedisClientOptions validated = options.Validated();
            if (faults.Count == 0) return validated;
        }
        catch (RedisOptionsException exception)
        {
            faults.AddRange(exception.Faults);
        }

        throw new RedisOptionsException(source, faults);
    }

    private static void Apply(string path, string value, ConnectionSettings read, List<RedisEndpoint> endpoints, List<RedisEndpoint> sentinels, Dictionary<string, string?> renames)
    {
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        (string head, string rest) = colon < 0 ? (path, string.Empty) : (path[..colon], path[(colon + 1)..]);
        if (Is(head, "Endpoints"))
        {
            foreach (string endpoint in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) endpoints.Add(RedisEndpoint.Parse(endpoint));
        }
        else if (Is(head, "Sentinel") && (Is(rest, "Endpoints") || rest.StartsWith("Endpoints:", StringComparison.OrdinalIgnoreCase)))
        {
            foreach (string endpoint in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) sentinels.Add(SentinelAt(endpoint));
        }
        else if (Is(head, "CommandMap") && rest.Length > 0)
        {
            renames[rest] = value;
        }
        else if (Is(path, "Tls") || Is(path, "Tls:Enabled"))
        {
            read.Tls = new SettingValue(path, value, Uri: false) { Where = string.Empty }.Switch();
        }
        else
        {
            string key = Is(path, "Tls:TargetHost") ? "tls_host" : path.Replace(":", string.Empty, StringComparison.Ordinal);
            if (!SettingTable.TryFind(key, uri: true, out SettingTable.Setting? setting))
                throw new FormatException($"is unknown{(SettingTable.Nearest(key, uri: true) is { } near ? $"; did you mean {near}?" : string.Empty)}");
            setting.Apply(read, new SettingValue(path, Time(value), Uri: false) { Where = string.Empty });
        }
    }

    private static RedisEndpoint SentinelAt(string text) =>
        RedisEndpoint.TryParse(text, RedisSentinelOptions.DefaultPort, out RedisEndpoint? endpoint) ? endpoint : RedisEndpoint.Parse(text);

    private static RedisSentinelOptions? Sentinels(ConnectionSettings read, List<RedisEndpoint> endpoints)
    {
        if (endpoints.Count == 0 && read.SentinelTls is null && read.Sentinel == new RedisSentinelOptions()) return null;
        bool encrypts = read.SentinelTls ?? read.Tls is true;
        RedisSentinelOptions sentinel = read.Sentinel with { Tls = encrypts ? read.Sentinel.Tls ?? read.TlsOptions : null };
        return endpoints.Count == 0 ? sentinel : sentinel with { Endpoints = endpoints };
    }

    // Configuration files write times as 00:00:05; connection strings as 5s.
    private static string Time(string value) =>
        value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out TimeSpan time)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms")
            : value;

    private static void Try(List<string> faults, string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            faults.Add($"{path}: {exception.Message.TrimEnd('.')}");
        }
    }

    private static bool Is(string path, string name) => path.Equals(name, StringComparison.OrdinalIgnoreCase);
}
