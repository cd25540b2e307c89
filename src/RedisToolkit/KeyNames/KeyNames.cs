namespace RedisToolkit;

/// <summary>
/// How the keys of one application are named: they all begin with its prefix, and are no longer than a bound. Make one for the
/// application, and from it a <see cref="KeyTemplate{TEntity, TId}"/> for each kind of entity.
/// </summary>
/// <example><c>KeyTemplate&lt;User, int&gt; users = new KeyNames("shop").Template&lt;User, int&gt;("user:{id}");   // shop:user:42</c></example>
public sealed class KeyNames
{
    /// <summary>How long a key may be unless something else is said, in bytes.</summary>
    public const int UsualMaxKeyBytes = 1024;

    private const int LeastBytes = 16;
    private const int MostBytes = 64 * 1024;

    /// <summary>Initializes a new instance of the <see cref="KeyNames"/> class.</summary>
    /// <param name="prefix">What all keys begin with, without a colon at its end, which is added; empty for none.</param>
    /// <param name="maxKeyBytes">How long a key may be in UTF-8, prefix included: 16 B to 64 KiB. The server keeps each key in memory, and compares it with every command.</param>
    /// <exception cref="ArgumentException">The prefix has braces, blanks or control characters, or a colon at its end.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of its range.</exception>
    public KeyNames(string prefix = "", int maxKeyBytes = UsualMaxKeyBytes)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (maxKeyBytes is < LeastBytes or > MostBytes) throw new ArgumentOutOfRangeException(nameof(maxKeyBytes), maxKeyBytes, $"The longest key has {LeastBytes:N0} to {MostBytes:N0} bytes.");
        foreach (char c in prefix)
        {
            if (c is '{' or '}' || char.IsWhiteSpace(c) || char.IsControl(c))
                throw new ArgumentException($"The prefix of keys has U+{(int)c:X4}; braces, blanks and control characters are not allowed. A hash tag belongs into a template.", nameof(prefix));
        }

        if (prefix.EndsWith(':')) throw new ArgumentException("The prefix of keys ends with a colon, which is added by itself: leave it out.", nameof(prefix));
        Prefix = prefix.Length == 0 ? prefix : prefix + ":";
        MaxKeyBytes = maxKeyBytes;
    }

    /// <summary>Gets what all keys begin with, colon included; empty if nothing.</summary>
    public string Prefix { get; }

    /// <summary>Gets how long a key may be, in bytes of UTF-8.</summary>
    public int MaxKeyBytes { get; }

    /// <summary>Names the keys of one kind of entity.</summary>
    /// <typeparam name="TEntity">The kind of entity.</typeparam>
    /// <typeparam name="TId">What its entities are told apart by.</typeparam>
    /// <param name="template">
    /// What stands behind the prefix. <c>{id}</c> stands for the id and must occur once; <c>{*id}</c> in its place lets ids of text have
    /// colons. <c>{entity}</c> stands for the type's name in small letters. Other braces are a hash tag: <c>user:{{id}}</c> makes
    /// <c>user:{42}</c>, which lies in one slot of a cluster with <c>cart:{42}</c>.
    /// </param>
    /// <returns>The template.</returns>
    /// <exception cref="ArgumentException">The template has no <c>{id}</c> or several, more than one hash tag, or an empty one, blanks or control characters.</exception>
    public KeyTemplate<TEntity, TId> Template<TEntity, TId>(string template = "{entity}:{id}")
        where TId : notnull, IParsable<TId> => new(this, template);
}
