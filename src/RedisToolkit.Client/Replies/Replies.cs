namespace RedisToolkit.Client;

/// <summary>The usual shapes of replies, and ways to put them together: <c>Replies.ArrayOf(Replies.Text)</c>.</summary>
public static class Replies
{
    /// <summary>Gets the shape of a reply that says only that the command was done; its content is passed over.</summary>
    /// <value>True, always: a refusal is an exception.</value>
    public static ReplyReader<bool> Done { get; } = From(static (ref RespReader reader) =>
    {
        reader.Skip();
        return true;
    });

    /// <summary>Gets the shape of text in UTF-8; null if the reply is absent.</summary>
    public static ReplyReader<string?> Text { get; } = From(static (ref RespReader reader) => reader.ReadText());

    /// <summary>Gets the shape of bytes in an array of their own; null if the reply is absent.</summary>
    public static ReplyReader<byte[]?> Bytes { get; } = new BytesReader();

    /// <summary>Gets the shape of bytes in pooled memory, which the caller gives back by disposing it; <see cref="PooledBytes.IsNull"/> if the reply is absent.</summary>
    public static ReplyReader<PooledBytes> Pooled { get; } = new PooledBytesReader();

    /// <summary>Gets the shape of a 64-bit integer.</summary>
    public static ReplyReader<long> Integer { get; } = From(static (ref RespReader reader) => reader.ReadInt64());

    /// <summary>Gets the shape of a 64-bit integer that may be absent.</summary>
    public static ReplyReader<long?> IntegerOrNull { get; } = From(static (ref RespReader reader) => reader.TryReadNull() ? (long?)null : reader.ReadInt64());

    /// <summary>Gets the shape of a double.</summary>
    public static ReplyReader<double> Double { get; } = From(static (ref RespReader reader) => reader.ReadDouble());

    /// <summary>Gets the shape of a double that may be absent.</summary>
    public static ReplyReader<double?> DoubleOrNull { get; } = From(static (ref RespReader reader) => reader.TryReadNull() ? (double?)null : reader.ReadDouble());

    /// <summary>Gets the shape of a truth value: a boolean, 1 or 0, or <c>OK</c> as true and an absent reply as false.</summary>
    public static ReplyReader<bool> Boolean { get; } = From(static (ref RespReader reader) => reader.ReadBoolean());

    /// <summary>Gets the shape of any reply, as a tree.</summary>
    public static ReplyReader<RedisReply> Any { get; } = From(static (ref RespReader reader) => reader.ReadAny());

    /// <summary>Makes the shape of a list of elements.</summary>
    /// <typeparam name="T">What each element becomes.</typeparam>
    /// <param name="item">The shape of each element.</param>
    /// <returns>A shape that reads arrays, sets and pushes; an absent reply becomes an empty array.</returns>
    public static ReplyReader<T[]> ArrayOf<T>(ReplyReader<T> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new ArrayReader<T>(item);
    }

    /// <summary>Makes the shape of keys and values: a map of RESP3, or an array of RESP2 in which they take turns.</summary>
    /// <typeparam name="TKey">What each key becomes.</typeparam>
    /// <typeparam name="TValue">What each value becomes.</typeparam>
    /// <param name="key">The shape of a key.</param>
    /// <param name="value">The shape of a value.</param>
    /// <returns>A shape whose dictionary keeps the last of two equal keys; an absent reply becomes an empty one.</returns>
    public static ReplyReader<Dictionary<TKey, TValue>> MapOf<TKey, TValue>(ReplyReader<TKey?> key, ReplyReader<TValue> value)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        return From((ref RespReader reader) =>
        {
            int count = Math.Max(reader.ReadMapHeader(), 0);
            var map = new Dictionary<TKey, TValue>(count);
            for (int i = 0; i < count; i++)
            {
                TKey name = key.Read(ref reader) ?? throw RedisReplyException.Shape("a key", RespKind.Null);
                map[name] = value.Read(ref reader);
            }

            return map;
        });
    }

    /// <summary>Makes the shape of pairs in order, whether nested (RESP3: <c>[[a, 1], [b, 2]]</c>), flat (RESP2: <c>[a, 1, b, 2]</c>) or a map.</summary>
    /// <typeparam name="TFirst">What each first half becomes.</typeparam>
    /// <typeparam name="TSecond">What each second half becomes.</typeparam>
    /// <param name="first">The shape of a first half.</param>
    /// <param name="second">The shape of a second half.</param>
    /// <returns>A shape for replies such as that to <c>ZRANGE … WITHSCORES</c>; an absent reply becomes an empty array.</returns>
    public static ReplyReader<(TFirst First, TSecond Second)[]> PairsOf<TFirst, TSecond>(ReplyReader<TFirst> first, ReplyReader<TSecond> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return From((ref RespReader reader) =>
        {
            int elements = Math.Max(reader.ReadArrayHeader(), 0);
            bool nested = elements > 0 && reader.NextKind == RespKind.Array;
            if (!nested && (elements & 1) != 0) throw new RedisReplyException($"The reply is an array of {elements} elements where pairs were to be read.");
            var pairs = new (TFirst, TSecond)[nested ? elements : elements / 2];
            for (int i = 0; i < pairs.Length; i++)
            {
                if (nested) RequireElements(ref reader, 2);
                pairs[i] = (first.Read(ref reader), second.Read(ref reader));
            }

            return pairs;
        });
    }

    /// <summary>Makes the shape of an array of exactly two elements.</summary>
    /// <typeparam name="T1">What the first becomes.</typeparam>
    /// <typeparam name="T2">What the second becomes.</typeparam>
    /// <param name="first">The shape of the first.</param>
    /// <param name="second">The shape of the second.</param>
    /// <returns>The shape of both.</returns>
    public static ReplyReader<(T1 First, T2 Second)> TupleOf<T1, T2>(ReplyReader<T1> first, ReplyReader<T2> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return From((ref RespReader reader) =>
        {
            RequireElements(ref reader, 2);
            return (first.Read(ref reader), second.Read(ref reader));
        });
    }

    /// <summary>Makes the shape of an array of exactly three elements.</summary>
    /// <typeparam name="T1">What the first becomes.</typeparam>
    /// <typeparam name="T2">What the second becomes.</typeparam>
    /// <typeparam name="T3">What the third becomes.</typeparam>
    /// <param name="first">The shape of the first.</param>
    /// <param name="second">The shape of the second.</param>
    /// <param name="third">The shape of the third.</param>
    /// <returns>The shape of all three.</returns>
    public static ReplyReader<(T1 First, T2 Second, T3 Third)> TupleOf<T1, T2, T3>(ReplyReader<T1> first, ReplyReader<T2> second, ReplyReader<T3> third)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(third);
        return From((ref RespReader reader) =>
        {
            RequireElements(ref reader, 3);
            return (first.Read(ref reader), second.Read(ref reader), third.Read(ref reader));
        });
    }

    /// <summary>Makes the shape of a reply that may be absent as a whole.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="present">The shape of the reply when it is there.</param>
    /// <returns>A shape that tells an absent reply, as null, from an empty one.</returns>
    public static ReplyReader<T?> OrNull<T>(ReplyReader<T> present)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(present);
        return From((ref RespReader reader) => reader.TryReadNull() ? null : present.Read(ref reader));
    }

    /// <summary>Makes a shape of a function.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="read">Reads one reply; see <see cref="ReplyReader{T}"/> for what it may do.</param>
    /// <returns>The shape.</returns>
    public static ReplyReader<T> From<T>(ReplyFunc<T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new FuncReader<T>(read);
    }

    private static void RequireElements(ref RespReader reader, int expected)
    {
        int count = reader.ReadArrayHeader();
        if (count != expected) throw new RedisReplyException($"The reply is an array of {Math.Max(count, 0)} elements where {expected} were to be read.");
    }

    private sealed class FuncReader<T>(ReplyFunc<T> read) : ReplyReader<T>
    {
        public override T Read(ref RespReader reader) => read(ref reader);
    }

    private sealed class ArrayReader<T>(ReplyReader<T> item) : ReplyReader<T[]>
    {
        public override T[] Read(ref RespReader reader)
        {
            int count = reader.ReadArrayHeader();
            if (count <= 0) return [];
            var items = new T[count];
            for (int i = 0; i < items.Length; i++) items[i] = item.Read(ref reader);
            return items;
        }

        public override void Discard(T[] value)
        {
            foreach (T element in value) item.Discard(element);
        }
    }
}
