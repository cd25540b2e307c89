using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>A member of an entity that is kept in a field of its hash. Generated code has one for each member: <c>ShopHashes.Product.Price</c>.</summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
public abstract class HashMember<TEntity>
    where TEntity : class
{
    private protected HashMember(string name, string field, string[] formerFields, bool isRequired)
    {
        Name = name;
        Field = field;
        FormerFields = formerFields;
        IsRequired = isRequired;
        Argument = Encoding.UTF8.GetBytes(field);
        FormerArguments = Array.ConvertAll(formerFields, static former => (RedisArgument)Encoding.UTF8.GetBytes(former));
    }

    /// <summary>Gets the member's name.</summary>
    public string Name { get; }

    /// <summary>Gets the name of its field.</summary>
    public string Field { get; }

    /// <summary>Gets the names that its field had before, the latest first.</summary>
    public IReadOnlyList<string> FormerFields { get; }

    /// <summary>Gets a value indicating whether there is no entity without this field.</summary>
    public bool IsRequired { get; }

    internal RedisArgument Argument { get; }

    internal RedisArgument[] FormerArguments { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{typeof(TEntity).Name}.{Name} in the field '{Field}'";
}

/// <summary>A member of an entity that is kept in a field of its hash, with the type that reading it gives.</summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
/// <typeparam name="TValue">The member's type, with null for a field that is missing: <c>decimal?</c> for a <c>decimal</c>.</typeparam>
public abstract class HashMember<TEntity, TValue> : HashMember<TEntity>
    where TEntity : class
{
    private readonly HashFieldFormat<TValue> _format;
    private readonly string? _standard;

    private protected HashMember(HashFieldFormat<TValue> format, string name, string field, string[] formerFields, bool isRequired, string? standard)
        : base(name, field, formerFields, isRequired)
    {
        _format = format;
        _standard = standard;
        Reader = new HashMemberReader<TEntity, TValue>(this);
        if (standard is null) return;
        if (!format.TryRead(Encoding.UTF8.GetBytes(standard), out TValue? value))
            throw new ArgumentException($"The default of {typeof(TEntity).Name}.{name} is not {format.Expected}.", nameof(standard));
        Default = value;
    }

    /// <summary>Gets what the member is if there is no such field.</summary>
    /// <value>Null if nothing was said; what a property was initialized with is not known here.</value>
    public TValue? Default { get; }

    /// <summary>Gets the default as a field has it; empty if there is none.</summary>
    internal string Standard => _standard ?? string.Empty;

    internal string Expected => _format.Expected;

    /// <summary>Gets the shape of the field's value alone.</summary>
    internal ReplyReader<HashMemberValue<TValue>> Reader { get; }

    internal void Write(TValue value, IBufferWriter<byte> destination) => _format.Write(value, destination);

    internal bool TryRead(ReadOnlySpan<byte> source, [MaybeNullWhen(false)] out TValue value) => _format.TryRead(source, out value);

    internal string Fault() => $"its field '{Field}' is not {Expected}";
}
