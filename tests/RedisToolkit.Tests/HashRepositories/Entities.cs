using System.Reflection;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Tests.HashRepositories;

/// <summary>Entities with values of every kind, at random.</summary>
internal static class Entities
{
    private static readonly Dictionary<Type, Gen<object>> Values = new()
    {
        [typeof(bool)] = Boxed(ArbMap.Default.GeneratorFor<bool>()),
        [typeof(char)] = Boxed(ArbMap.Default.GeneratorFor<char>().Where(c => !char.IsSurrogate(c))),
        [typeof(sbyte)] = Bits(bits => (sbyte)bits),
        [typeof(byte)] = Bits(bits => (byte)bits),
        [typeof(short)] = Bits(bits => (short)bits),
        [typeof(ushort)] = Bits(bits => (ushort)bits),
        [typeof(int)] = Bits(bits => (int)bits),
        [typeof(uint)] = Bits(bits => (uint)bits),
        [typeof(long)] = Bits(bits => (long)bits),
        [typeof(ulong)] = Bits(bits => (ulong)bits),
        [typeof(Int128)] = Bits(bits => (Int128)bits),
        [typeof(UInt128)] = Bits(bits => bits),
        [typeof(Half)] = Bits(bits => BitConverter.UInt16BitsToHalf((ushort)bits)),
        [typeof(float)] = Bits(bits => BitConverter.UInt32BitsToSingle((uint)bits)),
        [typeof(double)] = Bits(bits => BitConverter.UInt64BitsToDouble((ulong)bits)),
        [typeof(decimal)] = Boxed(ArbMap.Default.GeneratorFor<decimal>()),
        [typeof(string)] = Boxed(ArbMap.Default.GeneratorFor<string>().Select(text => (text ?? string.Empty).ToWellFormed())),
        [typeof(Shelf)] = Boxed(Gen.Choose(0, 3).Select(number => (Shelf)number)),
        [typeof(Rights)] = Boxed(Gen.Choose(0, 7).Select(bits => (Rights)(bits & 3) | ((bits & 4) != 0 ? Rights.Delete : Rights.None))),
        [typeof(DateTime)] = Bits(bits => new DateTime(Ticks(bits, DateTime.MaxValue.Ticks), DateTimeKind.Utc)).Or(Bits(bits => new DateTime(Ticks(bits, DateTime.MaxValue.Ticks), DateTimeKind.Unspecified))),
        [typeof(DateTimeOffset)] = Bits(bits => new DateTimeOffset(TimeSpan.TicksPerDay + Ticks(bits, DateTime.MaxValue.Ticks - 2 * TimeSpan.TicksPerDay), TimeSpan.FromMinutes((int)(bits % 1681) - 840))),
        [typeof(DateOnly)] = Bits(bits => DateOnly.FromDayNumber((int)(bits % (UInt128)DateOnly.MaxValue.DayNumber))),
        [typeof(TimeOnly)] = Bits(bits => new TimeOnly(Ticks(bits, TimeSpan.TicksPerDay))),
        [typeof(TimeSpan)] = Bits(bits => new TimeSpan((long)bits)),
        [typeof(Guid)] = Boxed(ArbMap.Default.GeneratorFor<Guid>()),
        [typeof(Uri)] = Boxed(Gen.Elements(new Uri("https://example.com/ä?b=c#d"), new Uri("/relative/%20path", UriKind.Relative), new Uri("urn:isbn:0"))),
        [typeof(Version)] = Boxed(Gen.Elements(new Version(1, 2), new Version(1, 2, 3), new Version(0, 0, 0, int.MaxValue))),
        [typeof(byte[])] = Boxed(ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => bytes ?? [])),
        [typeof(ReadOnlyMemory<byte>)] = Boxed(ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => (ReadOnlyMemory<byte>)(bytes ?? []))),
        [typeof(List<string>)] = Boxed(Gen.Elements<List<string>>([], ["a"], ["ä", "", "\"\n"])),
        [typeof(Size)] = Boxed(Gen.Choose(-5, 5).Select(number => new Size(number, -number))),
    };

    public static IEnumerable<AllTypes> Sample(int count)
    {
        PropertyInfo[] members = typeof(AllTypes).GetProperties();
        Gen<object?[]> all = members.Aggregate(Gen.Constant(Array.Empty<object?>()), static (before, member) => from some in before from value in Value(member) select (object?[])[.. some, value]);
        return all.Sample(count, 20).Select(values =>
        {
            var entity = new AllTypes();
            foreach ((PropertyInfo member, object? value) in members.Zip(values)) member.SetValue(entity, value);
            return entity;
        });
    }

    /// <summary>What is compared: the text of a date has no instant of its own, and NaN has many bits.</summary>
    public static object? Comparable(this object? value) => value switch
    {
        ReadOnlyMemory<byte> memory => memory.ToArray(),
        DateTime time => (time.Ticks, time.Kind),
        DateTimeOffset time => (time.Ticks, time.Offset),
        double number => double.IsNaN(number) ? "NaN" : BitConverter.DoubleToInt64Bits(number),
        float number => float.IsNaN(number) ? "NaN" : BitConverter.SingleToInt32Bits(number),
        Half number => Half.IsNaN(number) ? "NaN" : BitConverter.HalfToInt16Bits(number),
        decimal number => decimal.GetBits(number),
        Uri uri => (uri.OriginalString, uri.IsAbsoluteUri),
        _ => value,
    };

    private static Gen<object?> Value(PropertyInfo member)
    {
        Type type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        Gen<object?> some = Values[type].Select(value => (object?)value);
        return member.Name.StartsWith("Maybe", StringComparison.Ordinal) ? Gen.Frequency((1, Gen.Constant((object?)null)), (3, some)) : some;
    }

    private static Gen<object> Boxed<T>(Gen<T> values) => values.Select(value => (object)value!);

    // Numbers of every size, the small ones as often as the large ones.
    private static Gen<object> Bits<T>(Func<UInt128, T> make) =>
        from high in ArbMap.Default.GeneratorFor<Guid>()
        from shift in Gen.Choose(0, 127)
        select (object)make(new UInt128(BitConverter.ToUInt64(high.ToByteArray(), 0), BitConverter.ToUInt64(high.ToByteArray(), 8)) >> shift)!;

    private static Gen<object> Or(this Gen<object> one, Gen<object> other) => Gen.OneOf(one, other);

    private static long Ticks(UInt128 bits, long below) => (long)(bits % (UInt128)below);

    private static string ToWellFormed(this string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
