using System.Text;

namespace RedisToolkit.Client;

/// <summary>What a subscription hands to its reader: a message, or word that messages are missing at this place.</summary>
public readonly record struct RedisMessage
{
    private readonly ChannelName? _channel;
    private readonly ChannelName? _pattern;

    internal RedisMessage(ChannelName channel, ChannelName? pattern, byte[] payload)
    {
        Kind = RedisMessageKind.Message;
        _channel = channel;
        _pattern = pattern;
        Payload = payload;
    }

    internal RedisMessage(RedisGapReason reason, long? dropped)
    {
        Kind = RedisMessageKind.Gap;
        Reason = reason;
        Dropped = dropped;
    }

    /// <summary>Gets whether this is a message or a gap. Handle both: after a gap, whatever was built from messages is to be read anew.</summary>
    public RedisMessageKind Kind { get; }

    /// <summary>Gets the channel it was published on, as text (UTF-8); null for a gap.</summary>
    public string? Channel => _channel?.Text;

    /// <summary>Gets the bytes of the channel's name; empty for a gap.</summary>
    public ReadOnlyMemory<byte> ChannelBytes => _channel?.Bytes;

    /// <summary>Gets the pattern that the channel's name matched, as text (UTF-8); null for a gap, and where no pattern was subscribed to.</summary>
    public string? Pattern => _pattern?.Text;

    /// <summary>Gets the bytes of the pattern; empty where there is none.</summary>
    public ReadOnlyMemory<byte> PatternBytes => _pattern?.Bytes;

    /// <summary>Gets the message's bytes; empty for a gap. They may be shared by several readers and never change.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Gets the message as text (UTF-8), made at each call; empty for a gap.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>Gets why messages are missing; null for a message.</summary>
    public RedisGapReason? Reason { get; }

    /// <summary>Gets how many messages are missing; null for a message, and after a lost connection, since nobody counted them.</summary>
    public long? Dropped { get; }

    /// <summary>Shows the kind and the size, never the content.</summary>
    /// <returns>For example <c>message of 12 bytes</c>.</returns>
    public override string ToString() => Kind == RedisMessageKind.Message
        ? $"message of {Payload.Length} bytes"
        : $"gap ({Reason}{(Dropped is { } dropped ? $", {dropped} messages" : string.Empty)})";
}

/// <summary>What a subscription hands to its reader.</summary>
public enum RedisMessageKind
{
    /// <summary>A message that was published.</summary>
    Message,

    /// <summary>Messages are, or may be, missing between what came before and what comes after.</summary>
    Gap,
}

/// <summary>Why messages are missing.</summary>
public enum RedisGapReason
{
    /// <summary>
    /// The server did not serve this subscription for a while: the connection was lost, or the shard channel's slot moved to another
    /// node. The gap is handed out when all names of the subscription are subscribed to again, so that what is read anew after it
    /// misses nothing.
    /// </summary>
    ConnectionLost,

    /// <summary>The reader was too slow for the subscription's buffer; see <see cref="RedisSubscriptionOptions.WhenFull"/>.</summary>
    ReaderTooSlow,
}
