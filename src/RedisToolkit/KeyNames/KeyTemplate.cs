using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace RedisToolkit;

/// <summary>How the keys of one kind of entity are named. Made by <see cref="KeyNames.Template{TEntity, TId}"/>.</summary>
/// <typeparam name="TEntity">The kind of entity: a template for another kind does not fit.</typeparam>
/// <typeparam name="TId">What its entities are told apart by: a number, a <see cref="Guid"/>, text, or a type of your own.</typeparam>
public sealed class KeyTemplate<TEntity, TId>
    where TId : notnull, IParsable<TId>
{
    private readonly string _head;
    private readonly string _tail;
    private readonly bool _allowsColons;

    internal KeyTemplate(KeyNames names, string template)
    {
        KeyTemplateText text = KeyTemplateText.Parse(template, typeof(TEntity));
        Names = names;
        Text = template;
        _head = names.Prefix + text.Head;
        _tail = text.Tail;
        _allowsColons = text.AllowsColons;
        Pattern = KeyTemplateText.Escape(_head) + "*" + KeyTemplateText.Escape(_tail);
        Former = [];
    }

    private KeyTemplate(KeyTemplate<TEntity, TId> other, KeyTemplate<TEntity, TId>[] former)
    {
        (Names, Text, _head, _tail, _allowsColons, Pattern) = (other.Names, other.Text, other._head, other._tail, other._allowsColons, other.Pattern);
        Former = former;
    }

    /// <summary>Gets the application's rules.</summary>
    public KeyNames Names { get; }

    /// <summary>Gets the template as it was given, without the prefix.</summary>
    public string Text { get; }

    /// <summary>Gets the glob pattern that all keys of the template match, for <c>SCAN</c>. Other keys may match it too: see <see cref="TryGetId"/>.</summary>
    public string Pattern { get; }

    /// <summary>Gets the names that the keys had before, the latest first.</summary>
    public IReadOnlyList<KeyTemplate<TEntity, TId>> Former { get; }

    /// <summary>
    /// Says that keys used to be named otherwise. What lies under such a name is still found, and comes under the present name when it is
    /// written: so a name can be made shorter (<c>u:{id}</c>) without losing data.
    /// </summary>
    /// <param name="template">The former template, without the prefix.</param>
    /// <param name="names">The rules of that time, if the prefix was another; null if it is the same.</param>
    /// <returns>The template with that memory. Each former name costs a further look where the present one holds nothing.</returns>
    /// <exception cref="ArgumentException">It is no template, or names the same keys as another one of these.</exception>
    public KeyTemplate<TEntity, TId> FormerlyNamed(string template, KeyNames? names = null)
    {
        var former = new KeyTemplate<TEntity, TId>(names ?? Names, template);
        if (former.Pattern == Pattern || Former.Any(other => other.Pattern == former.Pattern))
            throw new ArgumentException($"The former template '{template}' names the same keys as the present one, or as another former one.", nameof(template));
        return new KeyTemplate<TEntity, TId>(this, [former, .. Former]);
    }

    /// <summary>Gets the key of an entity.</summary>
    /// <param name="id">Its id. The text of it (by the invariant culture) is not empty and has no braces, and colons only where the template says <c>{*id}</c>.</param>
    /// <returns>The key, prefix included.</returns>
    /// <exception cref="ArgumentException">The id does not fit into a key, or the key would be longer than <see cref="KeyNames.MaxKeyBytes"/>.</exception>
    public string Of(TId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!TryFormat(id, out string? key, out string? fault)) throw new ArgumentException(fault, nameof(id));
        return key;
    }

    /// <summary>Reads the id out of a key.</summary>
    /// <param name="key">A key, prefix included.</param>
    /// <param name="id">The id.</param>
    /// <returns>False if the key is none of this template: <see cref="Of"/> would not make it of any id.</returns>
    public bool TryGetId(string key, [MaybeNullWhen(false)] out TId id)
    {
        ArgumentNullException.ThrowIfNull(key);
        id = default;
        if (key.Length <= _head.Length + _tail.Length) return false;
        if (!key.StartsWith(_head, StringComparison.Ordinal) || !key.EndsWith(_tail, StringComparison.Ordinal)) return false;
        string text = key[_head.Length..^_tail.Length];
        // 007 is read as 7, whose key is another one.
        return TId.TryParse(text, CultureInfo.InvariantCulture, out id) && TryFormat(id, out string? same, out _) && same == key;
    }

    /// <inheritdoc/>
    public override string ToString() => Names.Prefix + Text;

    private bool TryFormat(TId id, [NotNullWhen(true)] out string? key, [NotNullWhen(false)] out string? fault)
    {
        key = string.Create(CultureInfo.InvariantCulture, $"{_head}{id}{_tail}");
        ReadOnlySpan<char> text = key.AsSpan(_head.Length, key.Length - _head.Length - _tail.Length);
        fault =
            text.IsEmpty ? $"The id of a {typeof(TEntity).Name} is empty." :
            text.ContainsAny('{', '}') ? $"The id of a {typeof(TEntity).Name} has a brace, which would make a hash tag within the key. Braces are not allowed in ids." :
            !_allowsColons && text.Contains(':') ? $"The id of a {typeof(TEntity).Name} has a colon, which separates the parts of a key: it could name another entity's key. If ids have colons, write {{*id}} in the template '{Text}'." :
            IsTooLong(key, out int bytes) ? $"The key of a {typeof(TEntity).Name} would have {bytes:N0} bytes, and {Names.MaxKeyBytes:N0} are allowed (maxKeyBytes of KeyNames)." :
            null;
        return fault is null;
    }

    private bool IsTooLong(string key, out int bytes)
    {
        const int MostBytesOfCharacter = 3;
        bytes = 0;
        if (key.Length <= Names.MaxKeyBytes / MostBytesOfCharacter) return false;
        bytes = Encoding.UTF8.GetByteCount(key);
        return bytes > Names.MaxKeyBytes;
    }
}
