using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Which elements of a hash, a set or a sorted set a scan gives, and how. Make variants with <c>with</c>.</summary>
public sealed record ElementScan
{
    /// <summary>Gets the glob pattern that fields or members match; see <see cref="RedisGlob"/>.</summary>
    /// <value>1 byte or more; null, the default, means every one.</value>
    public RedisArgument? Match { get; init; }

    /// <summary>Gets about how many elements the server looks at in one step. A small collection comes in one step whatever this says.</summary>
    /// <value>1 to 100,000; 250 unless set.</value>
    public int Count { get; init; } = 250;

    /// <summary>Gets how much memory is spent on remembering fields or members, so that none is given twice; see <see cref="KeyScan.RememberBytes"/>.</summary>
    /// <value>0 (remembers nothing) to 1 GiB; 16 MiB unless set.</value>
    public int RememberBytes { get; init; } = KeyScan.UsualRememberBytes;

    internal ElementScan Validated()
    {
        WorkRange.RequirePattern(Match, nameof(Match));
        WorkRange.Require(Count, 1, KeyScan.MostCount, nameof(Count));
        WorkRange.Require(RememberBytes, 0, KeyScan.MostRememberBytes, nameof(RememberBytes));
        return this;
    }
}
