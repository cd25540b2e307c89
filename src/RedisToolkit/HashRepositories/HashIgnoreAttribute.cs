namespace RedisToolkit;

/// <summary>On a property of an entity, or the parameter of a record: it is not stored in the hash.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class HashIgnoreAttribute : Attribute;
