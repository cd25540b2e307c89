namespace RedisToolkit.Conformance;

/// <summary>What a client is told in order to connect: no more than every client understands.</summary>
/// <param name="Host">The address of a server, or of a proxy in front of one.</param>
/// <param name="Port">Its port.</param>
public sealed record ClientSettings(string Host, int Port)
{
    /// <summary>Gets how long a command may take that does not say so itself.</summary>
    /// <value>20 s unless set: a bound against hangs, which nothing that works comes near.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
