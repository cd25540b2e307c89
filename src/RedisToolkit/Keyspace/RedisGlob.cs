using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Glob patterns as <c>SCAN</c> takes them: <c>*</c>, <c>?</c>, <c>[ab]</c>, <c>[^a]</c>, <c>[a-z]</c>, and <c>\</c> in front of what is meant literally.</summary>
public static class RedisGlob
{
    /// <summary>Makes a pattern that matches exactly one text, whatever it contains.</summary>
    /// <param name="literal">Any text or bytes.</param>
    /// <returns>The text with a <c>\</c> in front of every <c>* ? [ ] \</c>.</returns>
    public static RedisArgument Escape(RedisArgument literal) => Escaped(literal, star: false);

    /// <summary>Makes a pattern that matches every key with a prefix, whatever that contains.</summary>
    /// <param name="prefix">1 byte or more, such as <c>user:</c>.</param>
    /// <returns>The pattern, such as <c>user:*</c>.</returns>
    /// <exception cref="ArgumentException">The prefix is empty: that would be every key.</exception>
    public static RedisArgument StartingWith(RedisArgument prefix)
    {
        RedisArgument pattern = Escaped(prefix, star: true);
        return pattern != "*" ? pattern : throw new ArgumentException("The prefix is empty, which every key begins with. If that is meant, use the pattern \"*\".", nameof(prefix));
    }

    private static RedisArgument Escaped(RedisArgument literal, bool star)
    {
        byte[] bytes = literal.ToBytes();
        var pattern = new List<byte>(bytes.Length + 8);
        foreach (byte b in bytes)
        {
            if (b is (byte)'*' or (byte)'?' or (byte)'[' or (byte)']' or (byte)'\\') pattern.Add((byte)'\\');
            pattern.Add(b);
        }

        if (star) pattern.Add((byte)'*');
        return pattern.ToArray();
    }
}
