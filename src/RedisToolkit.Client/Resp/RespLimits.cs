namespace RedisToolkit.Client;

/// <summary>What a reply may cost at the most. A server, or something that poses as one, is not trusted with our memory.</summary>
/// <param name="MaxBytes">Bytes of a whole reply.</param>
/// <param name="MaxDepth">Aggregates within aggregates.</param>
/// <param name="MaxElements">Elements that one aggregate may announce.</param>
internal readonly record struct RespLimits(int MaxBytes, int MaxDepth, int MaxElements)
{
    public static readonly RespLimits Default = new(512 * 1024 * 1024, 32, 16 * 1024 * 1024);

    /// <summary>A status line, number or header is short; without a bound a line that never ends would be collected for ever.</summary>
    public const int MaxLineBytes = 1024 * 1024;
}
