namespace RedisToolkit;

/// <summary>An entity together with the version that was read.</summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
/// <param name="Entity">The entity.</param>
/// <param name="Version">What to give back when it is replaced or deleted, so that nobody else's change is lost.</param>
public sealed record Versioned<TEntity>(TEntity Entity, EntityVersion Version);
