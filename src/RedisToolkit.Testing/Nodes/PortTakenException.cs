namespace RedisToolkit.Testing;

/// <summary>Somebody else began to listen on a node's port between the choice and the start; another port may do.</summary>
internal sealed class PortTakenException(string message) : Exception(message);
