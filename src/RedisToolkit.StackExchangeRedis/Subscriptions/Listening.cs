using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>A name that somebody is subscribed to, or was until just now, with what the multiplexer calls for it.</summary>
internal sealed class Listening
{
    public Listening(DeclaredChannel channel, Action<DeclaredChannel, Ser.RedisChannel, Ser.RedisValue> deliver)
    {
        Channel = channel;
        Name = new Ser.RedisChannel(channel.Name.Bytes, channel.Kind == RedisSubscriptionKind.Pattern ? Ser.RedisChannel.PatternMode.Pattern : Ser.RedisChannel.PatternMode.Literal);
        Handler = (from, payload) => deliver(channel, from, payload);
    }

    public DeclaredChannel Channel { get; }

    public Ser.RedisChannel Name { get; }

    public Action<Ser.RedisChannel, Ser.RedisValue> Handler { get; }

    /// <summary>Gets or sets the multiplexer that was asked for it; null if none was. Under the subscriber's turn to change.</summary>
    public MultiplexerSlot? AskedOf { get; set; }
}
