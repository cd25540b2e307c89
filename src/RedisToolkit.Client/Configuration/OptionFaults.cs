using System.Globalization;
using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <summary>Collects what is wrong with an options record, so that one error names all of it.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    internal void InRange(int value, int min, int max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < min || value > max) Add($"{name} is {value:N0}; allowed are {min:N0} to {max:N0}");
    }

    internal void InRange(TimeSpan value, TimeSpan min, TimeSpan max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < min || value > max) Add($"{name} is {Text(value)}; allowed are {Text(min)} to {Text(max)}");
    }

    internal void Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Add($"{name} is {value}; allowed are {string.Join(", ", Enum.GetNames<T>())}");
    }

    /// <summary>The server takes names of clients and libraries only in printable ASCII without spaces.</summary>
    internal void PlainName(string? value, int maxLength, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is null) return;
        if (value.Length is 0 || value.Length > maxLength)
            Add($"{name} has {value.Length:N0} characters; allowed are 1 to {maxLength:N0}, or null");
        int bad = value.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (bad >= 0) Add($"{name} has U+{(int)value[bad]:X4} at position {bad}; allowed is printable ASCII without spaces");
    }

    internal void Add(FormattableString fault) => _faults.Add(fault.ToString(CultureInfo.InvariantCulture));

    internal void ThrowIfAny(string options)
    {
        if (_faults.Count > 0) throw new RedisOptionsException(options, _faults);
    }

    /// <summary>A time span as people say it: 100 ms, 5 s, 1 h.</summary>
    internal static string Text(TimeSpan value)
    {
        if (value == TimeSpan.Zero) return "0 s";
        (long unit, string name) = value.Ticks switch
        {
            var t when t % TimeSpan.TicksPerDay is 0 => (TimeSpan.TicksPerDay, "d"),
            var t when t % TimeSpan.TicksPerHour is 0 => (TimeSpan.TicksPerHour, "h"),
            var t when t % TimeSpan.TicksPerMinute is 0 => (TimeSpan.TicksPerMinute, "min"),
            var t when t % TimeSpan.TicksPerSecond is 0 => (TimeSpan.TicksPerSecond, "s"),
            _ => (TimeSpan.TicksPerMillisecond, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)value.Ticks / unit:0.####} {name}");
    }
}
