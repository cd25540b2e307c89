namespace RedisToolkit.Client;

/// <summary>
/// Reads both styles of connection string. Values are never quoted in errors: one misplaced comma or at-sign makes a password look like
/// anything else.
/// </summary>
internal static class ConnectionString
{
    internal static RedisClientOptions Read(string text)
    {
        text = text.Trim();
        if (text.Length is 0) throw new FormatException("The connection string is empty; the least it says is a host.");

        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        bool uri = scheme > 0 && text.AsSpan(0, scheme).IndexOfAny(",=!") < 0;
        return uri ? UriConnectionString.Read(text, scheme) : CommaConnectionString.Read(text);
    }
}
