namespace RedisToolkit;

/// <summary>
/// On a partial class: generates how entities of a class are kept as hashes, as a static property of that class. It may stand there
/// several times, and the entity need not know of it.
/// </summary>
/// <param name="entity">The class or record of the entity.</param>
/// <example>
/// <code>
/// [RedisHash(typeof(Product), JsonContext = typeof(ShopJson))]
/// internal static partial class ShopHashes;
///
/// var products = new HashRepository&lt;Product, int&gt;(redis, keys, ShopHashes.Product, new() { TimeToLive = TimeToLive.Days(30) });
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RedisHashAttribute(Type entity) : Attribute
{
    /// <summary>Gets the class or record of the entity.</summary>
    public Type Entity { get; } = entity;

    /// <summary>Gets the <c>JsonSerializerContext</c> for members that are no plain values: each becomes JSON in one field.</summary>
    /// <value>Null unless set: then all members must be plain values.</value>
    public Type? JsonContext { get; init; }

    /// <summary>Gets the name of the property that is generated.</summary>
    /// <value>The name of the entity's class unless set.</value>
    public string? Name { get; init; }

    /// <summary>Gets the names of members that are not stored, for a class that cannot have <see cref="HashIgnoreAttribute"/> on them.</summary>
    /// <value>None unless set.</value>
    public string[] Ignore { get; init; } = [];
}
