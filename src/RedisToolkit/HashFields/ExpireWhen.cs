namespace RedisToolkit;

/// <summary>What must hold of a field for its time to live to be set. One without a time to live counts as kept for ever.</summary>
public enum ExpireWhen
{
    /// <summary>Nothing but that it is there.</summary>
    Always,

    /// <summary>It has no time to live (<c>NX</c>).</summary>
    HasNone,

    /// <summary>It has a time to live (<c>XX</c>).</summary>
    HasOne,

    /// <summary>It has a time to live, and the new one ends later (<c>GT</c>).</summary>
    Later,

    /// <summary>The new one ends sooner (<c>LT</c>).</summary>
    Sooner,
}
