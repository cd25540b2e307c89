namespace RedisToolkit;

/// <summary>What is known of one result of a map.</summary>
public enum ResultState
{
    /// <summary>It was never stored, was deleted, or expired so long ago that it is not remembered.</summary>
    Missing,

    /// <summary>It is there.</summary>
    Found,

    /// <summary>It was stored, and its time has run out.</summary>
    Expired,
}
