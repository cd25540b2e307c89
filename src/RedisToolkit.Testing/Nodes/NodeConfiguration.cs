using System.Globalization;
using System.Text;

namespace RedisToolkit.Testing;

/// <summary>Writes a node's configuration file. Paths in it are relative to the node's folder, so that it reads the same inside a container.</summary>
internal sealed class NodeConfiguration
{
    internal const string FileName = "redis.conf";
    internal const string SocketName = "redis.sock";

    private readonly StringBuilder _text = new();

    /// <summary>Begins with what every node has: its port, loopback only, encryption.</summary>
    internal NodeConfiguration(RedisServerOptions options, int port, bool inContainer)
    {
        // In a container the published port arrives on the container's own address.
        Line("bind", inContainer ? "* -::*" : "127.0.0.1").Line("protected-mode", "no");
        if (options.Tls == RedisTls.None)
        {
            Line("port", port);
            return;
        }

        Line("port", 0).Line("tls-port", port);
        Line("tls-cert-file", "tls/server.crt").Line("tls-key-file", "tls/server.key").Line("tls-ca-cert-file", "tls/ca.crt");
        Line("tls-auth-clients", options.Tls == RedisTls.ClientCertificate ? "yes" : "no").Line("tls-replication", "yes");
    }

    /// <summary>Adds what a node with data has besides; the user's own lines come last, so that they win.</summary>
    internal NodeConfiguration WithData(RedisServerOptions options, RedisNode? primary)
    {
        Line("save", "\"\"").Line("appendonly", options.Persistence == RedisPersistence.AppendOnly ? "yes" : "no").Line("appendfsync", "always");
        Line("enable-debug-command", "yes");
        // Waits that real use wants and tests do not.
        Line("repl-diskless-sync", "yes").Line("repl-diskless-sync-delay", 0).Line("repl-diskless-load", "on-empty-db").Line("shutdown-timeout", 0);
        if (options.Persistence == RedisPersistence.None) Line("rdb-del-sync-files", "yes"); // a replica keeps no more than a primary
        if (options.UnixSocket) Line("unixsocket", SocketName).Line("unixsocketperm", 700);
        if (options.Password is { } password) Line("requirepass", Quote(password)).Line("masterauth", Quote(password));
        foreach (var user in options.Users)
            Line("user", $"{user.Name} on {(user.Password is { } own ? Quote(">" + own) : "nopass")} {user.Rules}");
        if (primary is not null) Line("replicaof", $"{primary.Host} {primary.Port}");
        foreach (var (from, to) in options.RenamedCommands) Line("rename-command", $"{from} {Quote(to)}");
        return this;
    }

    /// <summary>Adds the lines of <see cref="RedisServerOptions.Configuration"/>.</summary>
    internal NodeConfiguration WithOwnLines(RedisServerOptions options)
    {
        foreach (var (name, value) in options.Configuration) Line(name, value.Length == 0 ? "\"\"" : value);
        return this;
    }

    internal NodeConfiguration Line(string name, string value)
    {
        _text.Append(name).Append(' ').Append(value).Append('\n');
        return this;
    }

    internal NodeConfiguration Line(string name, int value) => Line(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Quotes a value as the configuration file reads it: every byte outside of printable ASCII as <c>\xHH</c>.</summary>
    internal static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            if (b is (byte)'"' or (byte)'\\') quoted.Append('\\').Append((char)b);
            else if (b is >= 0x20 and < 0x7f) quoted.Append((char)b);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return quoted.Append('"').ToString();
    }

    public override string ToString() => _text.ToString();
}
