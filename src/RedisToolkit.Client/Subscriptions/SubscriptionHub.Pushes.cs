namespace RedisToolkit.Client;

/// <content>What the server sends, on the connection's reading side.</content>
internal sealed partial class SubscriptionHub
{
    public static bool TakesArray(ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        return reader.ReadArrayHeader() >= 3 && reader.NextKind == RespKind.BulkString && WordOf(reader.ReadSpan()) != Word.Other;
    }

    public void OnPush(SubscriptionLane lane, ReadOnlySpan<byte> frame)
    {
        var reader = new RespReader(frame);
        int count = reader.ReadArrayHeader();
        if (count < 3 || reader.NextKind != RespKind.BulkString) return;
        Word word = WordOf(reader.ReadSpan());
        switch (word)
        {
            case Word.Message:
                Deliver(lane, RedisSubscriptionKind.Channel, ref reader);
                break;
            case Word.ShardMessage:
                Deliver(lane, RedisSubscriptionKind.Shard, ref reader);
                break;
            case Word.PatternMessage:
                Deliver(lane, RedisSubscriptionKind.Pattern, ref reader);
                break;
            case Word.Subscribe or Word.PatternSubscribe or Word.ShardSubscribe:
                Confirmed(lane, KindOf(word), reader.ReadSpan());
                break;
            case Word.Unsubscribe or Word.PatternUnsubscribe or Word.ShardUnsubscribe when !reader.TryReadNull():
                Left(lane, KindOf(word), reader.ReadSpan());
                break;
        }
    }

    public void OnEnded(SubscriptionLane lane)
    {
        lock (_gate)
        {
            foreach (DeclaredChannel channel in AllChannels().Where(channel => channel.Lane == lane))
            {
                foreach (RedisSubscription subscription in channel.Readers) subscription.Interrupt(channel);
            }

            BeginAfresh(lane);
        }

        // In a cluster another node may serve them by now.
        Wake();
    }

    private void Deliver(SubscriptionLane lane, RedisSubscriptionKind kind, ref RespReader reader)
    {
        ReadOnlySpan<byte> declared = reader.ReadSpan();
        if (!Table(kind).TryGetValue(declared, out DeclaredChannel? channel) || channel.State != ChannelState.Confirmed || channel.Lane != lane) return;
        ChannelName name = channel.Name;
        ChannelName? pattern = null;
        if (kind == RedisSubscriptionKind.Pattern)
        {
            pattern = channel.Name;
            name = new ChannelName(reader.ReadSpan().ToArray());
        }

        RedisMessage? message = null;
        foreach (RedisSubscription subscription in channel.Readers)
        {
            if (!subscription.IsLive) continue;
            message ??= new RedisMessage(name, pattern, reader.ReadSpan().ToArray());
            if (!subscription.Buffer.Offer(message.Value)) End(subscription, subscription.TooSlow());
        }
    }

    private void Confirmed(SubscriptionLane lane, RedisSubscriptionKind kind, ReadOnlySpan<byte> name)
    {
        lane.Request?.NoteConfirmation();
        lock (_gate)
        {
            if (!Table(kind).TryGetValue(name, out DeclaredChannel? channel) || channel.Lane != lane) return;
            channel.State = ChannelState.Confirmed;
            channel.Refusals = 0;
            foreach (ChannelWait wait in channel.Waits) wait.OneLess();
            channel.Waits.Clear();
            foreach (RedisSubscription subscription in channel.Readers)
            {
                subscription.Awaited.Remove(channel);
                subscription.BeginIfWhole();
            }

            if (channel.Readers.Length == 0) _dirty.Add(channel);
        }

        Wake();
    }

    private void Left(SubscriptionLane lane, RedisSubscriptionKind kind, ReadOnlySpan<byte> name)
    {
        lock (_gate)
        {
            if (!Table(kind).TryGetValue(name, out DeclaredChannel? channel) || channel.Lane != lane) return;
            if (channel.State == ChannelState.Leaving)
            {
                lane.Request?.NoteConfirmation();
            }
            else
            {
                // Nobody asked for it: the shard channel's slot has moved to another node.
                foreach (RedisSubscription subscription in channel.Readers) subscription.Interrupt(channel);
            }

            channel.State = ChannelState.Absent;
            channel.Lane = null;
            if (channel.Readers.Length == 0) Forget(channel);
            else _dirty.Add(channel);
        }

        Wake();
    }

    private System.Collections.Concurrent.ConcurrentDictionary<byte[], DeclaredChannel>.AlternateLookup<ReadOnlySpan<byte>> Table(RedisSubscriptionKind kind) =>
        _channels[(int)kind].GetAlternateLookup<ReadOnlySpan<byte>>();

    private enum Word
    {
        Other,
        Message,
        PatternMessage,
        ShardMessage,
        Subscribe,
        PatternSubscribe,
        ShardSubscribe,
        Unsubscribe,
        PatternUnsubscribe,
        ShardUnsubscribe,
    }

    private static Word WordOf(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("message"u8)) return Word.Message;
        if (word.SequenceEqual("pmessage"u8)) return Word.PatternMessage;
        if (word.SequenceEqual("smessage"u8)) return Word.ShardMessage;
        if (word.SequenceEqual("subscribe"u8)) return Word.Subscribe;
        if (word.SequenceEqual("psubscribe"u8)) return Word.PatternSubscribe;
        if (word.SequenceEqual("ssubscribe"u8)) return Word.ShardSubscribe;
        if (word.SequenceEqual("unsubscribe"u8)) return Word.Unsubscribe;
        if (word.SequenceEqual("punsubscribe"u8)) return Word.PatternUnsubscribe;
        return word.SequenceEqual("sunsubscribe"u8) ? Word.ShardUnsubscribe : Word.Other;
    }

    private static RedisSubscriptionKind KindOf(Word word) => word switch
    {
        Word.PatternSubscribe or Word.PatternUnsubscribe => RedisSubscriptionKind.Pattern,
        Word.ShardSubscribe or Word.ShardUnsubscribe => RedisSubscriptionKind.Shard,
        _ => RedisSubscriptionKind.Channel,
    };
}
