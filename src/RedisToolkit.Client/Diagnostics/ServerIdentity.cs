namespace RedisToolkit.Client;

/// <summary>Which server a measurement or a span is about. Made once for a connection, so that measuring allocates nothing.</summary>
internal sealed class ServerIdentity
{
    public ServerIdentity(RedisEndpoint endpoint, ServerGreeting greeting, int database)
    {
        Endpoint = endpoint;
        System = greeting.Server.Equals("valkey", StringComparison.OrdinalIgnoreCase) ? "valkey" : "redis";
        Address = endpoint.UnixSocketPath ?? endpoint.Host;
        Port = endpoint.UnixSocketPath is null ? endpoint.Port : null;
        Database = database.ToString(global::System.Globalization.CultureInfo.InvariantCulture);
    }

    public RedisEndpoint Endpoint { get; }

    /// <summary>Gets <c>redis</c> or <c>valkey</c>; <c>redis</c> for a server that did not say.</summary>
    public string System { get; }

    /// <summary>Gets the host, or the path of the unix socket.</summary>
    public string Address { get; }

    /// <summary>Gets the port, boxed once; null for a unix socket.</summary>
    public object? Port { get; }

    /// <summary>Gets the number of the logical database.</summary>
    public string Database { get; }
}
