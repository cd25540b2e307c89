namespace RedisToolkit.Client;

internal sealed class BytesReader : ReplyReader<byte[]?>
{
    public override byte[]? Read(ref RespReader reader) => reader.ReadBytes();

    internal override bool TryTake(byte[] whole, out byte[]? value)
    {
        value = whole;
        return true;
    }

    internal override object? BeginBulk(int length, out Memory<byte> memory)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        memory = bytes;
        return bytes;
    }
}

internal sealed class PooledBytesReader : ReplyReader<PooledBytes>
{
    public override PooledBytes Read(ref RespReader reader)
    {
        if (reader.TryReadShortString(out ReadOnlySpan<byte> common)) return PooledBytes.Copy(common);
        return reader.TryReadNull() ? default : PooledBytes.Copy(reader.ReadSpan());
    }

    public override void Discard(PooledBytes value) => value.Dispose();

    internal override object? BeginBulk(int length, out Memory<byte> memory)
    {
        PooledBytes.Lease lease = PooledBytes.Lease.Rent(length);
        memory = lease.Read(lease.Ticket);
        return lease;
    }

    internal override PooledBytes EndBulk(object bulk) => ((PooledBytes.Lease)bulk).Value;
}
