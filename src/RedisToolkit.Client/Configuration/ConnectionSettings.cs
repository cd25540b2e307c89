namespace RedisToolkit.Client;

/// <summary>What a connection string has said so far; becomes the options.</summary>
internal sealed class ConnectionSettings(bool uri)
{
    private readonly List<RedisEndpoint> _endpoints = [];
    private readonly Dictionary<string, string?> _renames = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seen = [];
    private int _passwordAt = -1;
    private int _count;

    /// <summary>The options as far as they need nothing but their own key.</summary>
    internal RedisClientOptions Options { get; set; } = new();

    /// <summary>How to encrypt, if at all.</summary>
    internal RedisTlsOptions TlsOptions { get; set; } = new();

    /// <summary>How to find sentinels' primary; used if it has a name.</summary>
    internal RedisSentinelOptions Sentinel { get; set; } = new();

    /// <summary>Whether the hosts are sentinels.</summary>
    internal bool HostsAreSentinels { get; set; }

    /// <summary>Whether to encrypt connections to the sentinels; null for the same as to the servers.</summary>
    internal bool? SentinelTls { get; set; }

    /// <summary>Whether to encrypt; null if nothing was said.</summary>
    internal bool? Tls { get; set; }

    /// <summary>Whether a password was said; what follows it may be the rest of it.</summary>
    internal bool HasPassword => _passwordAt >= 0;

    internal TimeSpan? AsyncTimeout { get; set; }

    internal TimeSpan? SyncTimeout { get; set; }

    internal void AddEndpoint(RedisEndpoint endpoint)
    {
        if (!_endpoints.Contains(endpoint)) _endpoints.Add(endpoint);
    }

    internal void SignIn(string user, string password)
    {
        if (user.Length + password.Length is 0) return;     // a template whose variables were empty
        _seen.Add("user");
        _seen.Add("password");
        Options = Options with { User = user.Length is 0 ? null : user, Password = password };
    }

    internal void Set(string key, string value)
    {
        _count++;
        if (!SettingTable.TryFind(key, uri, out SettingTable.Setting? setting)) throw Unknown(key);
        if (!_seen.Add(setting.Name)) throw new FormatException($"The connection string says {setting.Name} twice.");
        if (setting.Name is "password") _passwordAt = _count;
        setting.Apply(this, new SettingValue(setting.Name, value, uri));
    }

    internal void Rename(string command, string sentAs)
    {
        if (command.Length is 0)
            throw new FormatException("The connection string has a '$' without the name of a command: write $KEYS=other, or $KEYS= to disable.");
        if (!_renames.TryAdd(command, sentAs)) throw new FormatException("The connection string renames one command twice.");
    }

    internal RedisClientOptions Build()
    {
        bool tlsDetails = TlsOptions != new RedisTlsOptions();
        if (tlsDetails && Tls is null)
            throw new FormatException("The connection string has details of TLS but does not turn it on; add ssl=true, or ssl=false to leave it off.");
        if (tlsDetails && uri && Tls is false)
            throw new FormatException("The connection string has details of TLS, but its scheme is without; write rediss:// in place of redis://.");

        if (!HostsAreSentinels && (Sentinel != new RedisSentinelOptions() || SentinelTls is not null))
            throw new FormatException(uri
                ? "The connection string has settings of sentinels, but its scheme is without; write redis+sentinel://sentinel1,sentinel2/name in place of redis://."
                : "The connection string has settings of sentinels but does not name what they monitor; add serviceName=mymaster, by the name in their configuration.");
        RedisTlsOptions? tls = Tls is true ? TlsOptions : null;
        return Options with
        {
            Endpoints = HostsAreSentinels ? Options.Endpoints : _endpoints,
            Sentinel = HostsAreSentinels ? Sentinel with { Endpoints = _endpoints, Tls = SentinelTls is null ? tls : SentinelTls is true ? TlsOptions : null } : null,
            Password = Options is { User: null, Password: "" } ? null : Options.Password,
            Tls = tls,
            CommandTimeout = _seen.Contains("command_timeout") ? Options.CommandTimeout : AsyncTimeout ?? SyncTimeout ?? Options.CommandTimeout,
            CommandMap = Map(),
        };
    }

    private RedisCommandMap Map()
    {
        try
        {
            return RedisCommandMap.Create(_renames);
        }
        catch (ArgumentException e)
        {
            throw new FormatException("The connection string renames a command wrongly. " + e.Message, e);
        }
    }

    /// <summary>A key is quoted only where it cannot be the rest of a password that has a separator in it.</summary>
    private FormatException Unknown(string key)
    {
        string hint = SettingTable.Nearest(key, uri) is { } near ? $" Did you mean {near}?" : "";
        bool quotable = _passwordAt < 0 && key.Length is > 0 and <= 40 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        if (quotable) return new FormatException($"The connection string has the key '{key}', which is unknown.{hint}");

        string separator = uri ? "'&' (written %26)" : "comma (then use the URI style, or RedisClientOptions.Password)";
        return new FormatException(
            $"The connection string has an unknown key as setting {_count}.{hint} If it belongs to the password, that has a {separator}.");
    }
}
