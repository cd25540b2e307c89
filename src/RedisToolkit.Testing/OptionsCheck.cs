namespace RedisToolkit.Testing;

/// <summary>The rules of <see cref="RedisServerOptions"/>: within one option, and between two.</summary>
internal static class OptionsCheck
{
    /// <summary>Lines of the configuration file that this package writes from options, with the option to use instead.</summary>
    private static readonly Dictionary<string, string> Owned = new(StringComparer.OrdinalIgnoreCase)
    {
        ["port"] = "The port is chosen anew for every server; read RedisNode.Port",
        ["tls-port"] = "The port is chosen anew for every server; read RedisNode.Port",
        ["cluster-port"] = "The port is chosen anew for every server",
        ["bind"] = "Servers listen on the loopback address only",
        ["dir"] = "Every node has a folder of its own; read RedisNode.Directory",
        ["logfile"] = "The log is in RedisNode.LogPath",
        ["daemonize"] = "The process must stay a child of the test process",
        ["include"] = "Give the lines themselves in Configuration",
        ["unixsocket"] = "Set UnixSocket",
        ["requirepass"] = "Set Password",
        ["masterauth"] = "Set Password",
        ["masteruser"] = "Set Password",
        ["user"] = "Set Users",
        ["aclfile"] = "Set Users",
        ["rename-command"] = "Set RenamedCommands",
        ["appendonly"] = "Set Persistence",
        ["cluster-enabled"] = "Set Topology",
        ["replicaof"] = "Set Topology",
        ["slaveof"] = "Set Topology",
        ["tls-cert-file"] = "Set Tls",
        ["tls-key-file"] = "Set Tls",
        ["tls-ca-cert-file"] = "Set Tls",
        ["tls-auth-clients"] = "Set Tls",
    };

    /// <summary>What nodes say to one another: replication, the cluster's bus, sentinels, and this package to set them up.</summary>
    private static readonly HashSet<string> SaidBetweenNodes = new(StringComparer.OrdinalIgnoreCase)
    {
        "AUTH", "CLIENT", "CLUSTER", "CONFIG", "EXEC", "INFO", "MULTI", "PING", "PSYNC", "PUBLISH", "REPLCONF", "REPLICAOF", "ROLE", "SLAVEOF",
        "SUBSCRIBE",
    };

    internal static void Run(RedisServerOptions options)
    {
        Defined(options.Flavor, nameof(options.Flavor));
        Defined(options.Topology, nameof(options.Topology));
        Defined(options.Tls, nameof(options.Tls));
        Defined(options.Persistence, nameof(options.Persistence));
        if (options.Replicas is { } replicas) InRange(replicas, 0, 5, nameof(options.Replicas));
        if (options.Replicas > 0 && options.Topology == RedisTopology.Standalone)
        {
            throw new ArgumentException(
                $"Replicas is {options.Replicas}, but a standalone server has none. Set Topology = RedisTopology.Replicated.", nameof(options.Replicas));
        }

        InRange(options.Primaries, 3, 10, nameof(options.Primaries));
        InRange(options.Sentinels, 1, 9, nameof(options.Sentinels));
        InRange(options.DownAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), nameof(options.DownAfter));
        InRange(options.ClusterNodeTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), nameof(options.ClusterNodeTimeout));
        InRange(options.StartTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), nameof(options.StartTimeout));
        ArgumentException.ThrowIfNullOrEmpty(options.ServiceName, nameof(options.ServiceName));
        if (!options.ServiceName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new ArgumentException(
                $"ServiceName is '{options.ServiceName}'; the server takes letters, digits, '.', '-' and '_' only.", nameof(options.ServiceName));
        }

        Secret(options.Password, nameof(options.Password));
        Secret(options.SentinelPassword, nameof(options.SentinelPassword));
        if (options.SentinelPassword is not null && options.Topology != RedisTopology.Sentinel)
        {
            throw new ArgumentException(
                $"SentinelPassword is set, but Topology is {options.Topology}. Set Topology = RedisTopology.Sentinel, or use Password.",
                nameof(options.SentinelPassword));
        }

        CheckUsers(options.Users);
        CheckRenamed(options);
        CheckConfiguration(options.Configuration);
    }

    private static void CheckUsers(IReadOnlyList<RedisUser> users)
    {
        ArgumentNullException.ThrowIfNull(users);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var user in users)
        {
            ArgumentNullException.ThrowIfNull(user, nameof(users));
            if (string.IsNullOrEmpty(user.Name) || user.Name.Any(char.IsWhiteSpace) || user.Name.Contains('\0'))
                throw new ArgumentException($"Users has a user named '{user.Name}'; a name is 1 or more characters without white space.", nameof(users));
            if (user.Name == "default")
                throw new ArgumentException("Users has the user 'default', with whom this package signs in. Set Password for its password.", nameof(users));
            if (!names.Add(user.Name)) throw new ArgumentException($"Users has '{user.Name}' twice.", nameof(users));
            Secret(user.Password, nameof(users));
            OneLine(user.Rules, nameof(users), $"The rules of '{user.Name}'");
        }
    }

    private static void CheckRenamed(RedisServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.RenamedCommands);
        foreach (var (from, to) in options.RenamedCommands)
        {
            if (string.IsNullOrEmpty(from) || from.Any(char.IsWhiteSpace))
                throw new ArgumentException($"RenamedCommands has '{from}'; a command's name is one word.", nameof(options.RenamedCommands));
            if (to is null || to.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\''))
            {
                throw new ArgumentException(
                    $"RenamedCommands gives '{from}' the name '{to}'; a new name is one word, or empty to disable the command.", nameof(options.RenamedCommands));
            }

            if (options.Topology != RedisTopology.Standalone && SaidBetweenNodes.Contains(from))
            {
                throw new ArgumentException(
                    $"RenamedCommands renames {from}, which the nodes of a {options.Topology} set say to one another. Rename it on a standalone server only.",
                    nameof(options.RenamedCommands));
            }
        }
    }

    private static void CheckConfiguration(IReadOnlyDictionary<string, string> configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        foreach (var (name, value) in configuration)
        {
            if (string.IsNullOrEmpty(name) || name.Any(char.IsWhiteSpace))
                throw new ArgumentException($"Configuration has '{name}'; a name is one word, and the rest of the line is its value.", nameof(configuration));
            OneLine(value, nameof(configuration), $"Configuration['{name}']");
            if (Owned.TryGetValue(name, out string? instead))
                throw new ArgumentException($"Configuration sets '{name}', which this package sets itself. {instead}.", nameof(configuration));
        }
    }

    private static void Secret(string? value, string option)
    {
        if (value is null) return;
        if (value.Length is 0 or > 512) throw new ArgumentException($"A password in {option} has {value.Length} characters; it needs 1 to 512, or null for none.", option);
        if (value.Contains('\0')) throw new ArgumentException($"A password in {option} holds a zero byte, which the server's configuration file cannot.", option);
    }

    private static void OneLine(string? value, string option, string what)
    {
        if (value is null) throw new ArgumentException($"{what} is null.", option);
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) throw new ArgumentException($"{what} must be one line.", option);
    }

    private static void Defined<T>(T value, string option)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw new ArgumentOutOfRangeException(option, value, $"{option} is not one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static void InRange<T>(T value, T least, T most, string option)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}; it may be {least} to {most}.");
    }
}
