namespace RedisToolkit;

/// <summary>Which keys are given a time to live, by the one that they have.</summary>
public enum KeyExpireWhen
{
    /// <summary>All.</summary>
    Always,

    /// <summary>Those that have none (<c>NX</c>).</summary>
    HasNone,

    /// <summary>Those that have one (<c>XX</c>).</summary>
    HasOne,

    /// <summary>Those that would be kept longer than they are; a key without a time to live is kept for ever already (<c>GT</c>).</summary>
    Longer,

    /// <summary>Those that would be kept shorter than they are, keys without a time to live among them (<c>LT</c>).</summary>
    Shorter,
}
