using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Reads one entity: a short one straight from the receive buffer, a long or compressed one into pooled memory for its caller to decode.</summary>
internal sealed class EntityReader<TEntity>(EntityCodec<TEntity> codec, bool withVersion) : ReplyReader<Stored<TEntity>>
    where TEntity : class
{
    public override Stored<TEntity> Read(ref RespReader reader)
    {
        if (reader.TryReadNull()) return default;
        ReadOnlySpan<byte> stored = reader.ReadSpan();
        return EntityCodec<TEntity>.IsDecodedWhileReading(stored) ? codec.Decode(stored, withVersion) : new() { Undecoded = PooledBytes.Copy(stored) };
    }

    public override void Discard(Stored<TEntity> value) => value.Undecoded.Dispose();

    internal override bool TryTake(byte[] whole, out Stored<TEntity> value)
    {
        bool now = EntityCodec<TEntity>.IsDecodedWhileReading(whole);
        value = now ? codec.Decode(whole, withVersion) : default;
        return now;
    }

    internal override object? BeginBulk(int length, out Memory<byte> memory)
    {
        PooledBytes.Lease lease = PooledBytes.Lease.Rent(length);
        memory = lease.Read(lease.Ticket);
        return lease;
    }

    internal override Stored<TEntity> EndBulk(object bulk) => new() { Undecoded = ((PooledBytes.Lease)bulk).Value };
}
