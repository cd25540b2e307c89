namespace RedisToolkit.Client;

/// <summary>How a command on many keys becomes one for each slot, and the replies one again.</summary>
internal enum SplitKind : byte
{
    /// <summary>Not at all: its meaning needs all keys in one place.</summary>
    None,

    /// <summary>Keys only; the reply has a value for each.</summary>
    Values,

    /// <summary>Keys only; the reply is a number, and the numbers are added.</summary>
    Sum,

    /// <summary>Keys and values in turn; the reply is <c>OK</c>.</summary>
    Pairs,
}

/// <summary>Which commands may be split. <c>MSETNX</c> is all or nothing, and set operations need all their sets: those may not.</summary>
internal static class SplitKinds
{
    public static SplitKind Of(string name) => name switch
    {
        "MGET" => SplitKind.Values,
        "DEL" or "UNLINK" or "EXISTS" or "TOUCH" => SplitKind.Sum,
        "MSET" => SplitKind.Pairs,
        _ => SplitKind.None,
    };
}
