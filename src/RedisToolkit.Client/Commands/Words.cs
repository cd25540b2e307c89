namespace RedisToolkit.Client;

/// <summary>Words that commands have beside keys and values, made once.</summary>
internal static class Words
{
    public static readonly RedisArgument IfMissing = "NX";
    public static readonly RedisArgument IfExists = "XX";
    public static readonly RedisArgument Get = "GET";
    public static readonly RedisArgument Set = "SET";
    public static readonly RedisArgument Persist = "PERSIST";
    public static readonly RedisArgument KeepTimeToLive = "KEEPTTL";
    public static readonly RedisArgument Milliseconds = "PX";
    public static readonly RedisArgument UnixMilliseconds = "PXAT";
    public static readonly RedisArgument WithScores = "WITHSCORES";
    public static readonly RedisArgument Reverse = "REV";
    public static readonly RedisArgument ByScore = "BYSCORE";

    /// <summary>Refuses a list without elements, which the server would refuse later and less clearly.</summary>
    public static void RequireSome(int count, string name)
    {
        if (count == 0) throw new ArgumentException("At least one is needed.", name);
    }

    /// <summary>Puts keys and values in turn.</summary>
    public static RedisArgument[] Flat(ReadOnlySpan<(RedisArgument Key, RedisArgument Value)> pairs)
    {
        var flat = new RedisArgument[pairs.Length * 2];
        for (int i = 0; i < pairs.Length; i++) (flat[2 * i], flat[(2 * i) + 1]) = pairs[i];
        return flat;
    }
}
