namespace RedisToolkit;

/// <summary>What must hold of a key, or of a field of a hash, for its time to live to be set. One without a time to live counts as kept for ever.</summary>
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

    /// <summary>The new one ends sooner, as any does for what was kept for ever (<c>LT</c>).</summary>
    Sooner,
}

/// <summary>How the servers spell the conditions.</summary>
internal static class ExpireWhenWords
{
    /// <summary>The option of <c>EXPIRE</c> and <c>HEXPIRE</c>; null where none is needed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no condition.</exception>
    public static string? Option(this ExpireWhen when, string name) => when switch
    {
        ExpireWhen.Always => null,
        ExpireWhen.HasNone => "NX",
        ExpireWhen.HasOne => "XX",
        ExpireWhen.Later => "GT",
        ExpireWhen.Sooner => "LT",
        _ => throw new ArgumentOutOfRangeException(name, when, "The condition is Always, HasNone, HasOne, Later or Sooner."),
    };
}
