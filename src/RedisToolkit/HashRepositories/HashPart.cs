namespace RedisToolkit;

/// <summary>Some members of an entity, read in one step.</summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
public sealed class HashPart<TEntity>
    where TEntity : class
{
    private readonly string _key;
    private readonly HashMember<TEntity>[] _members;
    private readonly byte[]?[] _values;

    internal HashPart(string key, HashMember<TEntity>[] members, byte[]?[] values)
    {
        _key = key;
        _members = members;
        _values = values;
    }

    /// <summary>Gets a member.</summary>
    /// <typeparam name="TValue">The member's type.</typeparam>
    /// <param name="member">One of the members that were read.</param>
    /// <returns>Its value; if the hash has no such field, its <see cref="HashMember{TEntity, TValue}.Default"/>, which is null if nothing was said.</returns>
    /// <exception cref="ArgumentException">It is none of the members that were read.</exception>
    /// <exception cref="RedisValueException">The field holds something else.</exception>
    public TValue? Get<TValue>(HashMember<TEntity, TValue> member)
    {
        ArgumentNullException.ThrowIfNull(member);
        int at = Array.IndexOf(_members, member);
        if (at < 0) throw new ArgumentException($"{typeof(TEntity).Name}.{member.Name} was not read: name it among the members of GetPartAsync.", nameof(member));
        if (_values[at] is not { } bytes) return member.Default;
        return member.TryRead(bytes, out TValue? value) ? value : throw new RedisValueException(_key, member.Fault());
    }
}
