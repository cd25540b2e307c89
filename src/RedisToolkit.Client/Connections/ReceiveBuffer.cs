namespace RedisToolkit.Client;

/// <summary>Bytes that have arrived and are not read yet. It grows with what really arrives, never with what is only announced.</summary>
internal sealed class ReceiveBuffer(int mostBytes)
{
    private const int UsualCapacity = 64 * 1024;
    private const int MostKept = 1024 * 1024;
    private byte[] _bytes = Allocate(UsualCapacity);
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Makes room, for at least one byte, behind what is there.</summary>
    public Memory<byte> Free()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_bytes.Length > MostKept) _bytes = Allocate(UsualCapacity);
        }

        if (_bytes.Length - _end < Math.Min(_bytes.Length / 4, UsualCapacity)) MakeRoom();
        return _bytes.AsMemory(_end);
    }

    public void Received(int bytes) => _end += bytes;

    public void Consume(int bytes) => _start += bytes;

    private void MakeRoom()
    {
        // Half empty: move to the front. Otherwise a reply is larger than the buffer: double it.
        byte[] target = Length > _bytes.Length / 2
            ? Allocate((int)Math.Min(Math.Min(_bytes.Length * 2L, mostBytes + (long)UsualCapacity), Array.MaxLength))
            : _bytes;
        int length = Length;
        Unread.CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = length;
    }

    private static byte[] Allocate(int bytes) => GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
}
