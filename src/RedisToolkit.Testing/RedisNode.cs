using System.Globalization;
using System.Net;

namespace RedisToolkit.Testing;

/// <summary>One server process of a <see cref="RedisServer"/>. Its life is steered by one caller at a time; commands may be sent by many.</summary>
public sealed partial class RedisNode
{
    private static readonly TimeSpan CommandBound = TimeSpan.FromSeconds(30);

    private readonly NodeSet? _set;
    private readonly ExternalServer? _external;
    private NodeProcess? _process;
    private bool _paused;

    internal RedisNode(NodeSet set, RedisRole role, string directory, int port)
    {
        _set = set;
        Role = role;
        Directory = directory;
        Host = "127.0.0.1";
        Port = port;
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    internal RedisNode(ExternalServer external)
    {
        _external = external;
        Role = RedisRole.Primary;
        Host = external.Address.Host;
        Port = external.Address.Port;
        EndPoint = IPAddress.TryParse(Host.Trim('[', ']'), out var address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);
    }

    /// <summary>Gets what it was started as; failovers change what it is.</summary>
    public RedisRole Role { get; internal init; }

    /// <summary>Gets the host: <c>127.0.0.1</c>, unless the server was given in the environment.</summary>
    public string Host { get; }

    /// <summary>Gets the port, the same after a restart.</summary>
    public int Port { get; }

    /// <summary>Gets host and port.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Gets the folder it runs in, with its configuration, log and data; null if the server was given in the environment.</summary>
    public string? Directory { get; }

    /// <summary>Gets the path of its unix socket; null unless <see cref="RedisServerOptions.UnixSocket"/> is set.</summary>
    public string? UnixSocketPath =>
        _set is { Options.UnixSocket: true } && Role != RedisRole.Sentinel ? Path.Combine(Directory!, NodeConfiguration.SocketName) : null;

    /// <summary>Gets the path of its log; null if the server was given in the environment.</summary>
    public string? LogPath => Directory is null ? null : Path.Combine(Directory, "server.log");

    /// <summary>Gets the server's process id; null while it is down, and in a container or elsewhere.</summary>
    public int? ProcessId => _process is { HasEnded: false, IsLocal: true } running ? running.Id : null;

    /// <summary>Gets whether the process runs, paused or not; true for a server given in the environment.</summary>
    public bool IsRunning => _external is not null || _process is { HasEnded: false };

    /// <summary>Sends one command on a connection of its own and waits for the reply, at most 30 s.</summary>
    /// <param name="arguments">The command and its arguments, for example <c>"SET", "key", "value"</c>.</param>
    /// <exception cref="CommandException">The server answered with an error.</exception>
    /// <exception cref="TimeoutException">It did not answer in 30 s.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens: the server is down.</exception>
    /// <remarks>State of a connection (<c>SELECT</c>, <c>MULTI</c>, <c>CLIENT SETNAME</c>) does not last to the next call.</remarks>
    public Task<CommandReply> CommandAsync(params string[] arguments) => CommandAsync(arguments, CancellationToken.None);

    /// <inheritdoc cref="CommandAsync(string[])"/>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellationToken">Ends the wait; a command already sent still takes effect.</param>
    public async Task<CommandReply> CommandAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Count == 0) throw new ArgumentException("A command has at least its name.", nameof(arguments));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CommandBound);
        try
        {
            var connection = await CommandConnection.OpenAsync(Target(), limit.Token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false)) return await connection.SendAsync(arguments, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string hint = _paused ? "; the server is paused, call ResumeAsync first" : "";
            throw new TimeoutException($"{arguments[0]} was not answered by {Host}:{Port} within {CommandBound.TotalSeconds:0} s{hint}.");
        }
    }

    /// <summary>Changes a setting while the server runs (<c>CONFIG SET</c>). A restart takes it back.</summary>
    /// <exception cref="CommandException">The server knows no such setting, or does not take the value.</exception>
    public Task SetConfigAsync(string name, string value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return CommandAsync([NameNow("CONFIG") ?? "CONFIG", "SET", name, value], cancellationToken);
    }

    /// <summary>Starts a proxy in front of this node, which can delay, stall, tear and cut its connections.</summary>
    public Task<FaultProxy> StartProxyAsync(CancellationToken cancellationToken = default) => FaultProxy.StartAsync(EndPoint, cancellationToken);

    /// <summary>Reads the whole log, over all its restarts.</summary>
    /// <exception cref="InvalidOperationException">The server was given in the environment.</exception>
    public async Task<string> ReadLogAsync(CancellationToken cancellationToken = default)
    {
        _ = Owned(nameof(ReadLogAsync));
        return File.Exists(LogPath) ? await File.ReadAllTextAsync(LogPath!, cancellationToken).ConfigureAwait(false) : "";
    }

    /// <summary>Gives role, host and port.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Role} {Host}:{Port}");

    /// <summary>The last lines of the log, for a message.</summary>
    internal string LogTail(int lines = 12)
    {
        if (LogPath is null || !File.Exists(LogPath)) return $"{this}: no log.";
        string[] all = File.ReadAllLines(LogPath);
        return $"{this}, last lines of its log:\n  {string.Join("\n  ", all[^Math.Min(lines, all.Length)..])}";
    }

    /// <summary>A command's name on this server, by its own name; null if it was renamed away.</summary>
    private string? NameNow(string command)
    {
        if (_set is null || Role == RedisRole.Sentinel) return command;
        foreach (var (from, to) in _set.Options.RenamedCommands)
            if (from.Equals(command, StringComparison.OrdinalIgnoreCase)) return to.Length == 0 ? null : to;
        return command;
    }

    private CommandTarget Target()
    {
        if (_external is not null)
        {
            string[] parts = _external.Address.UserInfo.Split(':', 2);
            string? password = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : null;
            return new CommandTarget(EndPoint, parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : null, password, null);
        }

        string? secret = Role == RedisRole.Sentinel ? _set!.Options.SentinelPassword : _set!.Options.Password;
        return new CommandTarget(EndPoint, null, secret, _set.Certificates?.ClientOptions(_set.Certificates.Client));
    }

    private NodeSet Owned(string member) => _set ?? throw new InvalidOperationException(
        $"{member} needs a server that this package started, and {_external!.Variable} names one that runs elsewhere ({Host}:{Port}). " +
        $"Unset {_external.Variable} for this test.");

    private NodeProcess Running(string member)
    {
        _ = Owned(member);
        return _process is { HasEnded: false } running
            ? running
            : throw new InvalidOperationException($"{member}: the server at {Host}:{Port} is down. Call StartAsync first.");
    }
}
