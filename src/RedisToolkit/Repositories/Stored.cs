using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What was found under a key: nothing, an entity, bytes that are yet to be decoded, or a fault.</summary>
internal readonly struct Stored<TEntity>
    where TEntity : class
{
    /// <summary>Gets the entity.</summary>
    public TEntity? Entity { get; init; }

    /// <summary>Gets its version, if that was asked for.</summary>
    public EntityVersion Version { get; init; }

    /// <summary>Gets the bytes, if decoding them takes too long for the thread that reads replies.</summary>
    public PooledBytes Undecoded { get; init; }

    /// <summary>Gets why the bytes are no entity.</summary>
    public string? Fault { get; init; }
}
