using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Reads the reply to one <c>MGET</c> into its places among the entities that were asked for. Made for one command.</summary>
/// <param name="codec">Decodes.</param>
/// <param name="into">Where the entities go.</param>
/// <param name="places">Which places the keys of the command have there.</param>
internal sealed class EntitiesReader<TEntity>(EntityCodec<TEntity> codec, TEntity?[] into, ReadOnlyMemory<int> places) : ReplyReader<bool>
    where TEntity : class
{
    private List<(int Place, PooledBytes Bytes)>? _undecoded;
    private (int Place, string Reason)? _fault;

    public override bool Read(ref RespReader reader)
    {
        // A command that is sent again is read again.
        Discard(value: true);
        int count = Math.Max(reader.ReadArrayHeader(), 0);
        ReadOnlySpan<int> places = Places;
        if (count != places.Length) throw new RedisReplyException($"The reply has {count} values for {places.Length} keys.");
        foreach (int place in places)
        {
            if (reader.TryReadNull()) continue;
            ReadOnlySpan<byte> stored = reader.ReadSpan();
            if (EntityCodec<TEntity>.IsDecodedWhileReading(stored)) Put(place, codec.Decode(stored, withVersion: false));
            else (_undecoded ??= []).Add((place, PooledBytes.Copy(stored)));
        }

        return true;
    }

    public override void Discard(bool value)
    {
        if (_undecoded is { } all)
        {
            foreach ((int _, PooledBytes bytes) in all) bytes.Dispose();
        }

        _undecoded = null;
        _fault = null;
    }

    /// <summary>Decodes what was left for the caller.</summary>
    /// <param name="keyOf">The key of a place.</param>
    /// <exception cref="RedisValueException">A key holds something else than an entity.</exception>
    public void Finish(Func<int, string> keyOf)
    {
        if (_undecoded is { } all)
        {
            _undecoded = null;
            foreach ((int place, PooledBytes bytes) in all)
            {
                using (bytes) Put(place, codec.Decode(bytes.Span, withVersion: false));
            }
        }

        if (_fault is { } fault) throw new RedisValueException(keyOf(fault.Place), fault.Reason);
    }

    private ReadOnlySpan<int> Places => places.Span;

    private void Put(int place, in Stored<TEntity> stored)
    {
        into[place] = stored.Entity;
        if (stored.Fault is { } reason) _fault ??= (place, reason);
    }
}
