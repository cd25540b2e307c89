namespace RedisToolkit;

/// <summary>An entry, or a command, that was not executed.</summary>
/// <param name="Index">Its place in the source, counted from 0.</param>
/// <param name="Error">Why: what the server answered, a <see cref="RedisKeyTypeException"/> if its one key holds another type, or why it cannot be sent.</param>
public sealed record BulkFailure(long Index, Exception Error);
