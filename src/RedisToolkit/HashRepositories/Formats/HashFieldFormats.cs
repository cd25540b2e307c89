using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RedisToolkit;

/// <summary>How the types that a field can hold are spelled. Generated code uses these; all of them read and write by the invariant culture.</summary>
public static class HashFieldFormats
{
    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";

    /// <summary>Gets the one of truth values: 1 or 0.</summary>
    public static HashFieldFormat<bool> Boolean { get; } = new BooleanFormat();

    /// <summary>Gets the one of characters: UTF-8.</summary>
    public static HashFieldFormat<char> Character { get; } = new CharacterFormat();

    /// <summary>Gets the one of decimal numbers: <c>7.50</c>, with as many digits as the number has.</summary>
    public static HashFieldFormat<decimal> Decimal { get; } = new SpelledFormat<decimal>(
        "a decimal number", null, static (text, out value) => text[^1] != '\0' & decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value));

    /// <summary>Gets the one of text: UTF-8.</summary>
    public static HashFieldFormat<string> Text { get; } = new TextFormat();

    /// <summary>Gets the one of bytes: as they are.</summary>
    public static HashFieldFormat<byte[]> Bytes { get; } = new BytesFormat();

    /// <summary>Gets the one of bytes: as they are.</summary>
    public static HashFieldFormat<ReadOnlyMemory<byte>> Memory { get; } = new MemoryFormat();

    /// <summary>Gets the one of instants and local times: <c>2026-11-21T13:00:00.25Z</c>. The kind is kept: <c>Z</c> for UTC, an offset for local, nothing for neither.</summary>
    public static HashFieldFormat<DateTime> DateTime { get; } = new SpelledFormat<DateTime>(
        "a date and time, such as 2026-11-21T13:00:00Z", Seconds + "K", static (text, out value) => System.DateTime.TryParseExact(text, Seconds + "K", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out value));

    /// <summary>Gets the one of times with an offset: <c>2026-11-21T13:00:00+01:00</c>.</summary>
    public static HashFieldFormat<DateTimeOffset> DateTimeOffset { get; } = new SpelledFormat<DateTimeOffset>(
        "a date and time with an offset, such as 2026-11-21T13:00:00+01:00", Seconds + "zzz", static (text, out value) => System.DateTimeOffset.TryParseExact(text, Seconds + "K", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value));

    /// <summary>Gets the one of days: <c>2026-11-21</c>.</summary>
    public static HashFieldFormat<DateOnly> DateOnly { get; } = new SpelledFormat<DateOnly>(
        "a date, such as 2026-11-21", "yyyy-MM-dd", static (text, out value) => System.DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value));

    /// <summary>Gets the one of times of a day: <c>13:00:00.25</c>.</summary>
    public static HashFieldFormat<TimeOnly> TimeOnly { get; } = new SpelledFormat<TimeOnly>(
        "a time, such as 13:00:00", "HH:mm:ss.FFFFFFF", static (text, out value) => System.TimeOnly.TryParseExact(text, "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out value));

    /// <summary>Gets the one of durations: <c>1.02:03:04.5000000</c>.</summary>
    public static HashFieldFormat<TimeSpan> TimeSpan { get; } = new SpelledFormat<TimeSpan>(
        "a duration, such as 1.02:03:04", "c", static (text, out value) => System.TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out value));

    /// <summary>Gets the one of GUIDs: 32 digits in five groups.</summary>
    public static HashFieldFormat<Guid> Guid { get; } = new SpelledFormat<Guid>("a GUID", "D", static (text, out value) => System.Guid.TryParse(text, out value));

    /// <summary>Gets the one of addresses: as they were first written.</summary>
    public static HashFieldFormat<Uri> Uri { get; } = new WordedFormat<Uri>("an address", static value => value.OriginalString, static text => System.Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? value) ? value : null);

    /// <summary>Gets the one of version numbers: <c>1.2.3</c>.</summary>
    public static HashFieldFormat<Version> Version { get; } = new WordedFormat<Version>("a version, such as 1.2.3", static value => value.ToString(), static text => System.Version.TryParse(text, out Version? value) ? value : null);

    /// <summary>Gets the one of integers of a type: decimal digits, as <c>HINCRBY</c> has them.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The format.</returns>
    public static HashFieldFormat<T> Integer<T>()
        where T : struct, IBinaryInteger<T> => new IntegerFormat<T>();

    /// <summary>Gets the one of floating-point numbers of a type: the fewest digits that read back as the same number.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The format.</returns>
    public static HashFieldFormat<T> Float<T>()
        where T : struct, IBinaryFloatingPointIeee754<T> => new FloatFormat<T>();

    /// <summary>Gets the one of an enumeration.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="asNumber">Whether numbers are written rather than names. Both are read.</param>
    /// <returns>The format.</returns>
    public static HashFieldFormat<T> Enumeration<T>(bool asNumber)
        where T : struct, Enum => new EnumFormat<T>(asNumber);

    /// <summary>Gets the one of a type that is kept as JSON.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="context">Has the type.</param>
    /// <returns>The format.</returns>
    /// <exception cref="ArgumentException">It has not.</exception>
    public static HashFieldFormat<T> Json<T>(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        JsonTypeInfo typeInfo = context.GetTypeInfo(typeof(T))
            ?? throw new ArgumentException($"{context.GetType().Name} has no JSON for {typeof(T).Name}: put [JsonSerializable(typeof({typeof(T).Name}))] on it.", nameof(context));
        return new JsonFormat<T>((JsonTypeInfo<T>)typeInfo);
    }
}
