using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Goes through the fields of one hash, straight from the reply. For generated code.</summary>
public ref struct HashFieldReader
{
    private readonly int _maxValueBytes;
    private RespReader _reply;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _value;
    private int _left;
    private long _valueBytes;

    internal HashFieldReader(RespReader reply, int fields, int maxValueBytes)
    {
        _reply = reply;
        _left = fields;
        _maxValueBytes = maxValueBytes;
    }

    /// <summary>Gets the name of the field that was moved to.</summary>
    public readonly ReadOnlySpan<byte> Name => _name;

    /// <summary>Gets a value indicating whether there is no entity in this hash.</summary>
    public readonly bool HasFault => Fault is not null;

    /// <summary>Gets why there is none, without any part of a value.</summary>
    internal string? Fault { get; private set; }

    /// <summary>Moves to the next field.</summary>
    /// <returns>False if there is none, or what was read so far is no entity.</returns>
    public bool MoveNext()
    {
        if (_left == 0 || HasFault) return false;
        _left--;
        _name = _reply.ReadSpan();
        _value = _reply.ReadSpan();
        _valueBytes += _value.Length;
        if (_valueBytes > _maxValueBytes) Fault = $"its values have more than {_maxValueBytes:N0} bytes (HashRepositoryOptions.MaxValueBytes)";
        return !HasFault;
    }

    /// <summary>Reads the field's value.</summary>
    /// <typeparam name="TEntity">The kind of entity.</typeparam>
    /// <typeparam name="TValue">The member's type.</typeparam>
    /// <param name="member">The member that it belongs to.</param>
    /// <returns>The value; null if it is none of the member's type, which is a fault.</returns>
    public TValue? Read<TEntity, TValue>(HashMember<TEntity, TValue> member)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(member);
        if (member.TryRead(_value, out TValue? value)) return value;
        Fault ??= member.Fault();
        return default;
    }

    /// <summary>Says that a field is missing without which there is no entity.</summary>
    /// <typeparam name="TEntity">The kind of entity.</typeparam>
    /// <param name="member">Its member.</param>
    public void Require<TEntity>(HashMember<TEntity> member)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(member);
        Fault ??= $"it has no field '{member.Field}', which {typeof(TEntity).Name}.{member.Name} requires; a default ([HashField(Default = …)]) or a nullable type would do without it";
    }
}
