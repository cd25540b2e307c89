namespace RedisToolkit.Client;

/// <summary>What the server says of a key's time to live.</summary>
/// <param name="KeyExists">Whether there is such a key.</param>
/// <param name="Left">How long it will be kept from now on; null if it is missing, or kept until it is deleted.</param>
public readonly record struct KeyTimeToLive(bool KeyExists, TimeSpan? Left)
{
    /// <summary>Gets the shape of the reply to <c>PTTL</c>: milliseconds, -1 for a key without a time to live, -2 for a missing one.</summary>
    internal static ReplyReader<KeyTimeToLive> Reader { get; } = Replies.From(static (ref RespReader reader) =>
    {
        long milliseconds = reader.ReadInt64();
        return new KeyTimeToLive(milliseconds != -2, milliseconds < 0 ? null : TimeSpan.FromMilliseconds(milliseconds));
    });
}
