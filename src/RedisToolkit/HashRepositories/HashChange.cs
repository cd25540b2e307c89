using System.Globalization;
using System.Numerics;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What <see cref="HashRepository{TEntity, TId}.UpdateAsync"/> changes of an entity. All of it is done in one step, or nothing.</summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
public sealed class HashChange<TEntity>
    where TEntity : class
{
    private readonly PooledBufferWriter _bytes;
    private readonly List<HashMember<TEntity>> _members = [];
    private readonly List<RedisArgument> _arguments = [];
    // Values, by where they stand among the arguments and in the bytes: these may move while more are written.
    private readonly List<(int At, int Start, int End)> _values = [];

    internal HashChange(PooledBufferWriter bytes, RedisArgument option, RedisArgument milliseconds)
    {
        _bytes = bytes;
        _arguments.AddRange([option, milliseconds]);
    }

    internal IReadOnlyList<HashMember<TEntity>> Members => _members;

    /// <summary>Sets a member.</summary>
    /// <typeparam name="TValue">The member's type.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="value">Its value; null removes the field.</param>
    /// <returns>The same, for more.</returns>
    /// <exception cref="ArgumentException">The member is changed already, or is required and the value is null, or it cannot be stored.</exception>
    public HashChange<TEntity> Set<TValue>(HashMember<TEntity, TValue> member, TValue? value)
    {
        if (value is null) return Remove(member);
        Begin("set", member);
        int start = _bytes.Length;
        member.Write(value, _bytes);
        _values.Add((_arguments.Count, start, _bytes.Length));
        _arguments.Add(string.Empty);
        return this;
    }

    /// <summary>Removes a member's field: read again, the member is null, or its default.</summary>
    /// <param name="member">The member.</param>
    /// <returns>The same, for more.</returns>
    /// <exception cref="ArgumentException">The member is changed already, or there is no entity without it.</exception>
    public HashChange<TEntity> Remove(HashMember<TEntity> member)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (member.IsRequired) throw new ArgumentException($"{typeof(TEntity).Name}.{member.Name} is required: without its field '{member.Field}' there is no entity. Set it, or delete the entity.", nameof(member));
        Begin("remove", member);
        return this;
    }

    /// <summary>Adds to a member. A missing field counts as the member's default, or 0.</summary>
    /// <typeparam name="TNumber">The member's type.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="by">What to add; negative to subtract. Not <see cref="long.MinValue"/>.</param>
    /// <returns>The same, for more.</returns>
    /// <exception cref="ArgumentException">The member is changed already.</exception>
    public HashChange<TEntity> Increment<TNumber>(HashIntegerMember<TEntity, TNumber> member, long by = 1)
        where TNumber : struct, IBinaryInteger<TNumber>, IMinMaxValue<TNumber>
    {
        // The script takes an addition back by adding the opposite, which this number does not have.
        if (by == long.MinValue) throw new ArgumentOutOfRangeException(nameof(by), by, "A step is -9,223,372,036,854,775,807 to 9,223,372,036,854,775,807.");
        Begin("integer", member);
        // The server itself refuses to leave 64 bits, and sees it exactly; a script counts in doubles.
        bool is64 = HashIntegerMember<TEntity, TNumber>.Least == long.MinValue;
        _arguments.AddRange([by, is64 ? string.Empty : HashIntegerMember<TEntity, TNumber>.Least, is64 ? string.Empty : HashIntegerMember<TEntity, TNumber>.Most, StartOf(member.Standard)]);
        return this;
    }

    /// <summary>Adds to a member. A missing field counts as the member's default, or 0. The server keeps 17 digits behind the point.</summary>
    /// <typeparam name="TNumber">The member's type.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="by">What to add; negative to subtract. Finite.</param>
    /// <returns>The same, for more.</returns>
    /// <exception cref="ArgumentException">The member is changed already.</exception>
    public HashChange<TEntity> Increment<TNumber>(HashFloatMember<TEntity, TNumber> member, double by)
        where TNumber : struct, IBinaryFloatingPointIeee754<TNumber>, IMinMaxValue<TNumber>
    {
        if (!double.IsFinite(by)) throw new ArgumentOutOfRangeException(nameof(by), by, "A step is a finite number.");
        Begin("float", member);
        _arguments.AddRange([by.ToString("R", CultureInfo.InvariantCulture), HashFloatMember<TEntity, TNumber>.Most, StartOf(member.Standard)]);
        return this;
    }

    /// <summary>Spells it for the script. The values are no copies.</summary>
    internal RedisArgument[] ToArguments()
    {
        if (_members.Count == 0) throw new ArgumentException("The update changes nothing: say Set, Remove or Increment.");
        foreach ((int at, int start, int end) in _values) _arguments[at] = _bytes.Memory[start..end];
        return [.. _arguments];
    }

    private static string StartOf(string standard) => standard.Length == 0 ? "0" : standard;

    private void Begin(string kind, HashMember<TEntity> member)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (_members.Contains(member)) throw new ArgumentException($"{typeof(TEntity).Name}.{member.Name} is changed twice in one update; nothing was sent.", nameof(member));
        _members.Add(member);
        _arguments.AddRange([kind, member.Argument, member.FormerArguments.Length, .. member.FormerArguments]);
    }
}
