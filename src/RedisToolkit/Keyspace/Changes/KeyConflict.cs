namespace RedisToolkit;

/// <summary>What becomes of a key whose new name is taken.</summary>
public enum KeyConflict
{
    /// <summary>Both keys stay as they are (<c>RENAMENX</c>, <c>COPY</c> without <c>REPLACE</c>).</summary>
    Skip,

    /// <summary>The key that has the name is deleted, and the other takes its place in the same step (<c>RENAME</c>, <c>COPY … REPLACE</c>).</summary>
    Replace,
}
