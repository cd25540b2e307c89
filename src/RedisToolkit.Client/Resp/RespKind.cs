namespace RedisToolkit.Client;

/// <summary>What kind of element a reply holds, whatever protocol version it was sent in.</summary>
public enum RespKind
{
    /// <summary>Absent: RESP3's null, or RESP2's <c>$-1</c> and <c>*-1</c>.</summary>
    Null,

    /// <summary>A short status line such as <c>OK</c>.</summary>
    SimpleString,

    /// <summary>A string of bytes.</summary>
    BulkString,

    /// <summary>A string with a three-letter format mark, such as <c>txt</c> or <c>mkd</c>.</summary>
    Verbatim,

    /// <summary>A signed 64-bit integer.</summary>
    Integer,

    /// <summary>A double, including infinities and not-a-number.</summary>
    Double,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An integer of any size, as its decimal digits.</summary>
    BigNumber,

    /// <summary>An error with its code word.</summary>
    Error,

    /// <summary>A list of elements.</summary>
    Array,

    /// <summary>Pairs of keys and values.</summary>
    Map,

    /// <summary>A list of elements without order.</summary>
    Set,

    /// <summary>A message the server sent unasked.</summary>
    Push,
}
