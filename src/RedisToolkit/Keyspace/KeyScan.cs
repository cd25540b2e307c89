using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Which keys a scan gives, and how. Make variants with <c>with</c>.</summary>
public sealed record KeyScan
{
    internal const int MostCount = 100_000;
    internal const int MostRememberBytes = 1 << 30;
    internal const int UsualRememberBytes = 16 << 20;

    /// <summary>Gets the glob pattern that keys match; see <see cref="RedisGlob"/>.</summary>
    /// <value>1 byte or more; null, the default, means every key.</value>
    public RedisArgument? Match { get; init; }

    /// <summary>Gets the type of the keys' values, in the server's words.</summary>
    /// <value><c>string</c>, <c>list</c>, <c>set</c>, <c>zset</c>, <c>hash</c>, <c>stream</c> or a module's type; null, the default, means all.</value>
    public string? Type { get; init; }

    /// <summary>Gets about how many keys the server looks at in one step, during which it does nothing else.</summary>
    /// <value>1 to 100,000; 250 unless set. More is fewer round trips and longer steps.</value>
    public int Count { get; init; } = 250;

    /// <summary>Gets how much memory is spent on remembering keys, so that none is given twice.</summary>
    /// <value>
    /// 0 (remembers nothing) to 1 GiB; 16 MiB unless set, which is some 130,000 keys of 30 bytes. A key that the server gives again after so many
    /// others that it was forgotten is given again.
    /// </value>
    public int RememberBytes { get; init; } = UsualRememberBytes;

    internal KeyScan Validated()
    {
        WorkRange.RequirePattern(Match, nameof(Match));
        if (Type is { } type) ArgumentException.ThrowIfNullOrWhiteSpace(type, nameof(Type));
        WorkRange.Require(Count, 1, MostCount, nameof(Count));
        WorkRange.Require(RememberBytes, 0, MostRememberBytes, nameof(RememberBytes));
        return this;
    }
}
