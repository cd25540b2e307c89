namespace RedisToolkit.Client;

/// <summary>What the server is to announce. Make variants with <c>with</c>.</summary>
public sealed record RedisTrackingOptions
{
    /// <summary>Gets which keys are announced.</summary>
    /// <value><see cref="RedisTrackingMode.Default"/> unless set.</value>
    public RedisTrackingMode Mode { get; init; } = RedisTrackingMode.Default;

    /// <summary>Gets the beginnings of the keys that are announced, in <see cref="RedisTrackingMode.Broadcast"/> only.</summary>
    /// <value>Any text or bytes, none the beginning of another; none, the default, means every key.</value>
    public IReadOnlyList<RedisArgument> Prefixes { get; init; } = [];

    /// <summary>
    /// Gets whether writes made through this tracking's own connection are not announced to it. Such a write also makes the server
    /// forget that the key is tracked, and is silent about its next change, until the key is read again.
    /// </summary>
    /// <value>False unless set.</value>
    public bool NoLoop { get; init; }

    internal RedisTrackingOptions Validated()
    {
        var faults = new OptionFaults();
        faults.Defined(Mode);
        if (Prefixes is null) faults.Add($"{nameof(Prefixes)} is null; allowed is a list, empty for every key");
        else CollectPrefixFaults(faults, Prefixes);
        faults.ThrowIfAny(nameof(RedisTrackingOptions));
        return this with { Prefixes = [.. Prefixes!.Select(prefix => (RedisArgument)prefix.ToBytes())] };
    }

    private void CollectPrefixFaults(OptionFaults faults, IReadOnlyList<RedisArgument> prefixes)
    {
        if (prefixes.Count > 0 && Mode != RedisTrackingMode.Broadcast)
            faults.Add($"{nameof(Prefixes)} has {prefixes.Count} and {nameof(Mode)} is {Mode}; prefixes go with {nameof(RedisTrackingMode.Broadcast)} only");
        for (int i = 0; i < prefixes.Count; i++)
        {
            if (prefixes[i].IsMissing) faults.Add($"{nameof(Prefixes)}[{i}] is default(RedisArgument); allowed is any text or bytes");
        }

        byte[][] bytes = [.. prefixes.Where(prefix => !prefix.IsMissing).Select(prefix => prefix.ToBytes())];
        for (int i = 0; i < bytes.Length; i++)
        {
            for (int j = 0; j < bytes.Length; j++)
            {
                if (i != j && bytes[j].AsSpan().StartsWith(bytes[i]) && (i < j || bytes[i].Length != bytes[j].Length))
                    faults.Add($"{nameof(Prefixes)}[{j}] begins with {nameof(Prefixes)}[{i}]; the server takes no prefixes that overlap");
            }
        }
    }
}

/// <summary>Which keys the server announces.</summary>
public enum RedisTrackingMode
{
    /// <summary>Those that were read through the tracking, once each: read again, a key is announced again. The server remembers them.</summary>
    Default,

    /// <summary>As <see cref="Default"/>, and each read asks for it by <c>CLIENT CACHING YES</c>: for connections where not all reads are to be remembered.</summary>
    OptIn,

    /// <summary>All keys that are changed, or those with the given prefixes, whether they were read or not. The server remembers nothing.</summary>
    Broadcast,
}
