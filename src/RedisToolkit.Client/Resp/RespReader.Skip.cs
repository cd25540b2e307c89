namespace RedisToolkit.Client;

// Passing over elements, and over what has no announced length.
public ref partial struct RespReader
{
    /// <summary>Passes over the next element with all that it holds.</summary>
    public void Skip()
    {
        long left = 1;
        while (left > 0)
        {
            SkipAttributes();
            RespKind kind = KindAt(_position);
            ReadOnlySpan<byte> header = ReadLine();
            left--;
            switch (kind)
            {
                case RespKind.BulkString or RespKind.Verbatim when header is [_, (byte)'?']:
                    SkipStreamedString();
                    break;
                case RespKind.BulkString or RespKind.Verbatim:
                case RespKind.Error when header[0] == RespPrefix.BulkError:
                    _ = TakeBulk(header[1..]);
                    break;
                case RespKind.Array or RespKind.Set or RespKind.Push:
                    left += CountOf(header);
                    break;
                case RespKind.Map:
                    left += CountOf(header) * 2L;
                    break;
            }
        }
    }

    // The length of a streamed aggregate is not announced: look ahead to its end.
    private readonly int CountStreamed()
    {
        RespReader ahead = this;
        int count = 0;
        while (ahead._frame[ahead._position] != RespPrefix.StreamEnd)
        {
            ahead.SkipWithinStream();
            count++;
        }

        return count;
    }

    // Like Skip, but also consumes the ends of the streams that the element itself opens, and no other.
    private void SkipWithinStream()
    {
        while (_frame[_position] == RespPrefix.Attribute) SkipHeld(ReadLine(), pairs: true);
        RespKind kind = KindAt(_position);
        ReadOnlySpan<byte> header = ReadLine();
        switch (kind)
        {
            case RespKind.BulkString or RespKind.Verbatim when header is [_, (byte)'?']:
                SkipStreamedString();
                break;
            case RespKind.BulkString or RespKind.Verbatim:
            case RespKind.Error when header[0] == RespPrefix.BulkError:
                _ = TakeBulk(header[1..]);
                break;
            case RespKind.Array or RespKind.Set or RespKind.Push or RespKind.Map:
                SkipHeld(header, pairs: kind == RespKind.Map);
                break;
        }
    }

    private void SkipHeld(ReadOnlySpan<byte> header, bool pairs)
    {
        if (header is [_, (byte)'?'])
        {
            while (_frame[_position] != RespPrefix.StreamEnd) SkipWithinStream();
            _ = ReadLine();
            return;
        }

        for (long left = CountOf(header) * (pairs ? 2L : 1L); left > 0; left--) SkipWithinStream();
    }

    private ReadOnlySpan<byte> ReadStreamedString()
    {
        using var whole = new MemoryStream();
        while (true)
        {
            ReadOnlySpan<byte> chunk = ReadLine();
            if (LengthOf(chunk[1..]) == 0) return whole.ToArray();
            whole.Write(TakeBulk(chunk[1..]));
        }
    }

    private void SkipStreamedString()
    {
        while (true)
        {
            ReadOnlySpan<byte> chunk = ReadLine();
            if (LengthOf(chunk[1..]) == 0) return;
            _ = TakeBulk(chunk[1..]);
        }
    }

    private void SkipAttributes()
    {
        SkipStreamEnds();
        while (_position < _frame.Length && _frame[_position] == RespPrefix.Attribute)
        {
            for (int left = ReadCount() * 2; left > 0; left--) Skip();
            SkipStreamEnds();
        }
    }

    private void SkipStreamEnds()
    {
        while (_position < _frame.Length && _frame[_position] == RespPrefix.StreamEnd) _position += 3;
    }
}
