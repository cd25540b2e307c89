using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Collects the fields of one hash. For generated code.</summary>
public sealed class HashFieldWriter
{
    private readonly PooledBufferWriter _bytes;
    private readonly List<(RedisArgument Field, int End)> _fields;

    internal HashFieldWriter(PooledBufferWriter bytes, int members)
    {
        _bytes = bytes;
        _fields = new List<(RedisArgument Field, int End)>(members);
    }

    internal int Count => _fields.Count;

    /// <summary>Writes a member; one that is null has no field.</summary>
    /// <typeparam name="TEntity">The kind of entity.</typeparam>
    /// <typeparam name="TValue">The member's type.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">It is null and required, or cannot be stored, or the entity has too many bytes by now.</exception>
    public void Write<TEntity, TValue>(HashMember<TEntity, TValue> member, TValue? value)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(member);
        if (value is null)
        {
            if (member.IsRequired) throw new ArgumentException($"{typeof(TEntity).Name}.{member.Name} is null, and there is no entity without it; nothing was sent.", nameof(value));
            return;
        }

        member.Write(value, _bytes);
        _fields.Add((member.Argument, _bytes.Length));
    }

    /// <summary>Puts fields and values in turn behind what is there. The values are no copies.</summary>
    internal void CopyTo(Span<RedisArgument> arguments)
    {
        ReadOnlyMemory<byte> written = _bytes.Memory;
        int from = 0, at = 0;
        foreach ((RedisArgument field, int end) in _fields)
        {
            arguments[at++] = field;
            arguments[at++] = written[from..end];
            from = end;
        }
    }
}
