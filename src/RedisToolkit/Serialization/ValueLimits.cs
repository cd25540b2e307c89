namespace RedisToolkit;

/// <summary>How long values may be.</summary>
internal static class ValueLimits
{
    /// <summary>What the servers take unless told otherwise ('proto-max-bulk-len').</summary>
    public const int MostBytes = 512 * 1024 * 1024;

    public const int UsualBytes = 16 * 1024 * 1024;

    public static ArgumentException TooLong(int most) =>
        new($"A value has more than {most:N0} bytes once serialized; nothing was sent. MaxValueBytes of the repository, or MaxBytes of ValueCompression, sets the limit.");
}
