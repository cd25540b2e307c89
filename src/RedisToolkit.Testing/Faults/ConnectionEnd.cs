namespace RedisToolkit.Testing;

/// <summary>How a <see cref="FaultProxy"/> ends a connection.</summary>
public enum ConnectionEnd
{
    /// <summary>In order (<c>FIN</c>): the other side reads what is under way, then the end.</summary>
    Close,

    /// <summary>At once (<c>RST</c>): the other side gets an error; what is under way may be lost.</summary>
    Reset,
}
