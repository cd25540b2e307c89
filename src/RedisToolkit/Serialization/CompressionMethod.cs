namespace RedisToolkit;

/// <summary>How values are compressed. The numbers are stored with them and never change.</summary>
public enum CompressionMethod
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Deflate (RFC 1951).</summary>
    Deflate = 1,

    /// <summary>Brotli (RFC 7932).</summary>
    Brotli = 2,
}
