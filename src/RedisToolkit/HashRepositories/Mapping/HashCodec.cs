using System.Numerics;

namespace RedisToolkit;

/// <summary>Turns entities into the fields of a hash, and back. Its code is generated: see <see cref="RedisHashAttribute"/>.</summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
public abstract class HashCodec<TEntity>
    where TEntity : class
{
    /// <summary>Gets the members, in the order in which they are written.</summary>
    public abstract IReadOnlyList<HashMember<TEntity>> Members { get; }

    /// <summary>Writes an entity.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="fields">Where its fields go.</param>
    public abstract void Write(TEntity entity, HashFieldWriter fields);

    /// <summary>Reads an entity.</summary>
    /// <param name="fields">The fields of the hash, in any order.</param>
    /// <returns>The entity; null if <see cref="HashFieldReader.HasFault"/>.</returns>
    public abstract TEntity? Read(ref HashFieldReader fields);

    /// <summary>Makes a member of a value type.</summary>
    /// <typeparam name="T">The type without null.</typeparam>
    /// <param name="format">How it is spelled.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="field">Its field.</param>
    /// <param name="formerFields">The field's former names, the latest first.</param>
    /// <param name="isRequired">Whether there is no entity without it.</param>
    /// <param name="standard">What it is if the field is missing, as the field would have it; null for none.</param>
    /// <returns>The member.</returns>
    protected static HashMember<TEntity, T?> OfValue<T>(HashFieldFormat<T> format, string name, string field, string[] formerFields, bool isRequired, string? standard)
        where T : struct => new HashPlainMember<TEntity, T?>(new NullableFormat<T>(format), name, field, formerFields, isRequired, standard);

    /// <summary>Makes a member of a reference type.</summary>
    /// <typeparam name="T">The type without null.</typeparam>
    /// <param name="format">How it is spelled.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="field">Its field.</param>
    /// <param name="formerFields">The field's former names, the latest first.</param>
    /// <param name="isRequired">Whether there is no entity without it.</param>
    /// <param name="standard">What it is if the field is missing, as the field would have it; null for none.</param>
    /// <returns>The member.</returns>
    protected static HashMember<TEntity, T?> OfReference<T>(HashFieldFormat<T> format, string name, string field, string[] formerFields, bool isRequired, string? standard)
        where T : class => new HashPlainMember<TEntity, T?>(format!, name, field, formerFields, isRequired, standard);

    /// <summary>Makes a member that the server can add integers to.</summary>
    /// <typeparam name="T">The type without null.</typeparam>
    /// <param name="format">How it is spelled.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="field">Its field.</param>
    /// <param name="formerFields">The field's former names, the latest first.</param>
    /// <param name="isRequired">Whether there is no entity without it.</param>
    /// <param name="standard">What it is if the field is missing, as the field would have it; null for none.</param>
    /// <returns>The member.</returns>
    protected static HashIntegerMember<TEntity, T> OfInteger<T>(HashFieldFormat<T> format, string name, string field, string[] formerFields, bool isRequired, string? standard)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => new(format, name, field, formerFields, isRequired, standard);

    /// <summary>Makes a member that the server can add floating-point numbers to.</summary>
    /// <typeparam name="T">The type without null.</typeparam>
    /// <param name="format">How it is spelled.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="field">Its field.</param>
    /// <param name="formerFields">The field's former names, the latest first.</param>
    /// <param name="isRequired">Whether there is no entity without it.</param>
    /// <param name="standard">What it is if the field is missing, as the field would have it; null for none.</param>
    /// <returns>The member.</returns>
    protected static HashFloatMember<TEntity, T> OfFloat<T>(HashFieldFormat<T> format, string name, string field, string[] formerFields, bool isRequired, string? standard)
        where T : struct, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> => new(format, name, field, formerFields, isRequired, standard);
}
