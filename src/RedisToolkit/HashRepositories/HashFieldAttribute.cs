namespace RedisToolkit;

/// <summary>Says how a member of an entity is kept in its field. On a property, or on the parameter of a record.</summary>
/// <param name="name">The name of the field; null for the member's name in camel case.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class HashFieldAttribute(string? name = null) : Attribute
{
    /// <summary>Gets the name of the field.</summary>
    /// <value>Null for the member's name in camel case.</value>
    public string? Name { get; } = name;

    /// <summary>Gets the names that the field had before, the latest first. They are read if there is no field of the present name, and never written.</summary>
    /// <value>None unless set.</value>
    public string[] FormerNames { get; init; } = [];

    /// <summary>Gets what the member is if the hash has no such field: for members that are never null.</summary>
    /// <value>
    /// A constant of the member's type; for <see cref="decimal"/> an integer or a text such as <c>"7.50"</c>. Null unless set: then a
    /// parameter's own default counts, and a member that is required by a constructor or by <c>required</c> must have its field.
    /// </value>
    public object? Default { get; init; }

    /// <summary>Gets a value indicating whether an enumeration is stored by its number rather than by its name. Both are read.</summary>
    /// <value>False unless set.</value>
    public bool AsNumber { get; init; }
}
