using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>How long a field will be there.</summary>
/// <param name="FieldExists">Whether there is such a field.</param>
/// <param name="Left">How long it will be kept from now on; null if it is missing, or kept until it is deleted.</param>
public readonly record struct FieldTimeToLive(bool FieldExists, TimeSpan? Left)
{
    internal static ReplyReader<FieldTimeToLive[]> Reader { get; } = Replies.ArrayOf(Replies.From(static (ref RespReader reader) =>
    {
        long milliseconds = reader.ReadInt64();
        return new FieldTimeToLive(milliseconds != -2, milliseconds < 0 ? null : TimeSpan.FromMilliseconds(milliseconds));
    }));
}
