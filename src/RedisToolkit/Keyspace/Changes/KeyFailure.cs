namespace RedisToolkit;

/// <summary>A key that the server refused to change.</summary>
/// <param name="Key">The key.</param>
/// <param name="Error">Why: a <see cref="Client.RedisServerException"/>, such as code <c>NOPERM</c> for a key that the user may not touch.</param>
public sealed record KeyFailure(RedisBytes Key, Exception Error);
