namespace RedisToolkit.Client;

/// <summary>What a server said of itself when a connection to it was set up. For people and logs: ask <see cref="IRedisClient.SupportsAsync"/> what it can do.</summary>
/// <param name="Endpoint">The server's address.</param>
/// <param name="Server"><c>redis</c>, <c>valkey</c> or what else it calls itself; empty if it did not say (RESP2).</param>
/// <param name="Version">Its own version, for Valkey too; empty if it did not say.</param>
/// <param name="Mode"><c>standalone</c>, <c>sentinel</c> or <c>cluster</c>; empty if it did not say.</param>
/// <param name="Role"><c>master</c> or <c>replica</c>, in the server's words, as of then; empty if it did not say.</param>
/// <param name="Protocol">2 or 3: the version of RESP that the connection speaks.</param>
public sealed record RedisServerInfo(RedisEndpoint Endpoint, string Server, string Version, string Mode, string Role, int Protocol);
