using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Entities to the arguments of scripts, and replies to entities, within the limits of a repository.</summary>
internal sealed class HashEntityCodec<TEntity> : ReplyReader<Stored<TEntity>>
    where TEntity : class
{
    // Up to here, an entity is decoded where its bytes arrive; longer ones must not hold up the replies behind them.
    private const int MostBytesDecodedWhileReading = 16 * 1024;
    private readonly HashCodec<TEntity> _codec;
    private readonly HashRepositoryOptions _options;

    public HashEntityCodec(HashMapping<TEntity> mapping, HashRepositoryOptions options)
    {
        _codec = mapping.GetCodec();
        _options = options.Validated(_codec.Members.Count);
    }

    /// <summary>Spells an entity as fields and values in turn, behind other arguments.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="before">What stands before them.</param>
    /// <param name="arguments">All of it.</param>
    /// <returns>The memory of the values; see <see cref="PooledBufferWriter"/> for who gives it back.</returns>
    public PooledBufferWriter Encode(TEntity entity, ReadOnlySpan<RedisArgument> before, out RedisArgument[] arguments)
    {
        ArgumentNullException.ThrowIfNull(entity);
        PooledBufferWriter bytes = PooledBufferWriter.Rent(_options.MaxValueBytes);
        try
        {
            var fields = new HashFieldWriter(bytes, _codec.Members.Count);
            _codec.Write(entity, fields);
            arguments = new RedisArgument[before.Length + 2 * fields.Count];
            before.CopyTo(arguments);
            fields.CopyTo(arguments.AsSpan(before.Length));
            return bytes;
        }
        catch
        {
            bytes.Return();
            throw;
        }
    }

    public override Stored<TEntity> Read(ref RespReader reader)
    {
        ReadOnlySpan<byte> reply = reader.TakeElement();
        return reply.Length <= MostBytesDecodedWhileReading ? Decode(reply) : new() { Undecoded = PooledBytes.Copy(reply) };
    }

    public override void Discard(Stored<TEntity> value) => value.Undecoded.Dispose();

    /// <summary>Gets the entity that was found under a key.</summary>
    /// <returns>Null if there was none.</returns>
    /// <exception cref="RedisValueException">What was there is no entity.</exception>
    public TEntity? Take(Stored<TEntity> stored, string key)
    {
        if (!stored.Undecoded.IsNull)
        {
            using PooledBytes bytes = stored.Undecoded;
            stored = Decode(bytes.Span);
        }

        return stored.Fault is null ? stored.Entity : throw new RedisValueException(key, stored.Fault);
    }

    // Does not throw: a fault is told together with the key by whoever knows it.
    private Stored<TEntity> Decode(ReadOnlySpan<byte> reply)
    {
        try
        {
            var reader = new RespReader(reply);
            int count = reader.ReadMapHeader();
            if (count <= 0) return default;
            if (count > _options.MaxFields) return new() { Fault = $"it has {count:N0} fields, and {_options.MaxFields:N0} are allowed (HashRepositoryOptions.MaxFields)" };
            var fields = new HashFieldReader(reader, count, _options.MaxValueBytes);
            TEntity? entity = _codec.Read(ref fields);
            return fields.Fault is { } fault ? new() { Fault = fault } : new() { Entity = entity };
        }
        catch (Exception exception) when (exception is not RedisException)
        {
            // The entity's constructor and setters are user code, and the text of what they throw may quote the value.
            return new() { Fault = $"making a {typeof(TEntity).Name} of it failed with {exception.GetType().Name}" };
        }
    }
}
