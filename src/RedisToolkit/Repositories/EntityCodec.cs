using System.Diagnostics.CodeAnalysis;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Entities to bytes and back, within the limits of a repository.</summary>
internal sealed class EntityCodec<TEntity>
    where TEntity : class
{
    // Up to here, an entity is decoded where its bytes arrive; longer ones must not hold up the replies behind them.
    private const int MostBytesDecodedWhileReading = 16 * 1024;
    private readonly CompressedSerializer<TEntity> _serializer;

    public EntityCodec(IValueSerializer<TEntity> serializer, JsonRepositoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        if (serializer is CompressedSerializer<TEntity> && options.Compression.Method != CompressionMethod.None)
            throw new ArgumentException("The serializer compresses already: leave JsonRepositoryOptions.Compression as it is.", nameof(serializer));
        _serializer = serializer as CompressedSerializer<TEntity> ?? new CompressedSerializer<TEntity>(serializer, options.Compression with { MaxBytes = options.MaxValueBytes });
        MaxBytes = _serializer.MaxBytes;
        Reader = new EntityReader<TEntity>(this, withVersion: false);
        VersionedReader = new EntityReader<TEntity>(this, withVersion: true);
    }

    public int MaxBytes { get; }

    /// <summary>Gets the shape of an entity that may be missing.</summary>
    public ReplyReader<Stored<TEntity>> Reader { get; }

    /// <summary>Gets the same, with the entity's version.</summary>
    public ReplyReader<Stored<TEntity>> VersionedReader { get; }

    public static bool IsDecodedWhileReading(ReadOnlySpan<byte> stored) => stored.Length <= MostBytesDecodedWhileReading && !ValueHeader.IsAt(stored);

    /// <summary>Serializes an entity into pooled memory; see <see cref="PooledBufferWriter"/> for who gives it back.</summary>
    public PooledBufferWriter Encode(TEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        PooledBufferWriter writer = PooledBufferWriter.Rent(MaxBytes);
        try
        {
            _serializer.Serialize(entity, writer);
            return writer;
        }
        catch
        {
            writer.Return();
            throw;
        }
    }

    /// <summary>Decodes what a key holds. Does not throw: a fault is told together with the key by whoever knows it.</summary>
    public Stored<TEntity> Decode(ReadOnlySpan<byte> stored, bool withVersion)
    {
        string fault;
        try
        {
            if (stored.Length > MaxBytes + ValueHeader.MostBytes) return new() { Fault = $"it has {stored.Length:N0} bytes, and {MaxBytes:N0} are allowed (JsonRepositoryOptions.MaxValueBytes)" };
            TEntity? entity = _serializer.Deserialize(stored);
            if (entity is not null) return new() { Entity = entity, Version = withVersion ? EntityVersion.Of(stored) : default };
            fault = "the serializer made null of it";
        }
        catch (RedisValueException exception)
        {
            fault = exception.Reason;
        }
        catch (Exception exception)
        {
            // A serializer is user code, and the text of what it throws may quote the value.
            fault = $"its serializer failed with {exception.GetType().Name}";
        }

        return new() { Fault = fault };
    }

    /// <summary>Gets the entity that was found under a key.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="RedisValueException">What was there is no entity.</exception>
    public bool TryTake(Stored<TEntity> stored, string key, bool withVersion, [NotNullWhen(true)] out TEntity? entity, out EntityVersion version)
    {
        if (!stored.Undecoded.IsNull)
        {
            using PooledBytes bytes = stored.Undecoded;
            stored = Decode(bytes.Span, withVersion);
        }

        (entity, version) = (stored.Entity, stored.Version);
        return stored.Fault is null ? entity is not null : throw new RedisValueException(key, stored.Fault);
    }
}
