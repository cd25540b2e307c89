using System.Globalization;
using System.Numerics;

namespace RedisToolkit;

/// <summary>A member that is read, set and removed.</summary>
internal sealed class HashPlainMember<TEntity, TValue>(HashFieldFormat<TValue> format, string name, string field, string[] formerFields, bool isRequired, string? standard)
    : HashMember<TEntity, TValue>(format, name, field, formerFields, isRequired, standard)
    where TEntity : class;

/// <summary>A member that holds an integer: the server can add to it (<c>HINCRBY</c>).</summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
/// <typeparam name="TNumber">The integer's type, of at most 64 bits with a sign or 32 without; the member itself may be null.</typeparam>
public sealed class HashIntegerMember<TEntity, TNumber> : HashMember<TEntity, TNumber?>
    where TEntity : class
    where TNumber : struct, IBinaryInteger<TNumber>, IMinMaxValue<TNumber>
{
    internal HashIntegerMember(HashFieldFormat<TNumber> format, string name, string field, string[] formerFields, bool isRequired, string? standard)
        : base(new NullableFormat<TNumber>(format), name, field, formerFields, isRequired, standard)
    {
    }

    internal static long Least => long.CreateSaturating(TNumber.MinValue);

    internal static long Most => long.CreateSaturating(TNumber.MaxValue);
}

/// <summary>A member that holds a floating-point number: the server can add to it (<c>HINCRBYFLOAT</c>).</summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
/// <typeparam name="TNumber">The number's type; the member itself may be null.</typeparam>
public sealed class HashFloatMember<TEntity, TNumber> : HashMember<TEntity, TNumber?>
    where TEntity : class
    where TNumber : struct, IBinaryFloatingPointIeee754<TNumber>, IMinMaxValue<TNumber>
{
    internal HashFloatMember(HashFieldFormat<TNumber> format, string name, string field, string[] formerFields, bool isRequired, string? standard)
        : base(new NullableFormat<TNumber>(format), name, field, formerFields, isRequired, standard)
    {
    }

    internal static string Most => double.CreateSaturating(TNumber.MaxValue).ToString("R", CultureInfo.InvariantCulture);
}
