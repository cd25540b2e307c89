using System.Globalization;
using Microsoft.Extensions.Configuration;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Reads options from a configuration section, without reflection; every fault is told at once, and no value is quoted.</summary>
internal sealed class OptionsSection
{
    private readonly string _source;
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _faults = [];

    public OptionsSection(IConfigurationSection section)
    {
        _source = $"The configuration section '{section.Path}'";
        foreach ((string path, string value) in section.Settings()) _values[path] = value;
    }

    public int Integer(string name, int unlessSet) => Read(name, unlessSet, static value => value.Integer());

    public TimeSpan Time(string name, TimeSpan unlessSet) => Read(name, unlessSet, TimeOf);

    public string Text(string name, string unlessSet) => Read(name, unlessSet, static value => value.Text);

    public T Choice<T>(string name, T unlessSet)
        where T : struct, Enum => Read(name, unlessSet, static value =>
        {
            // Not as a number: nobody who reads the file knows what 2 means.
            bool isName = !char.IsAsciiDigit(value.Text.FirstOrDefault()) && !value.Text.StartsWith('-');
            value.MustBe(Enum.TryParse(value.Text, ignoreCase: true, out T choice) && isName && Enum.IsDefined(choice), string.Join(", ", Enum.GetNames<T>()));
            return choice;
        });

    /// <summary>A duration, or <c>forever</c>; default if nothing is said.</summary>
    public TimeToLive TimeToLive(string name) => Read(name, _values.ContainsKey(name) ? RedisToolkit.TimeToLive.Forever : default, static value =>
    {
        if (value.Text.Equals("forever", StringComparison.OrdinalIgnoreCase)) return RedisToolkit.TimeToLive.Forever;
        TimeSpan time = TimeOf(value);
        value.MustBe(time > TimeSpan.Zero && time <= RedisToolkit.TimeToLive.Longest, "a duration of 1 ms to 36,500 days, as in 12h or 30.00:00:00, or forever");
        return RedisToolkit.TimeToLive.After(time);
    });

    /// <summary>Makes the options of what was read, and checks them.</summary>
    /// <exception cref="RedisOptionsException">A setting is unknown or cannot be read, or an option is out of its range; names all.</exception>
    public T Checked<T>(T options, Func<T, T> validated)
    {
        var faults = new List<string>(_values.Keys.Where(name => !_known.Contains(name)).Select(name => $"{name}: is unknown; known are {string.Join(", ", _known)}"));
        faults.AddRange(_faults);
        try
        {
            T valid = validated(options);
            if (faults.Count == 0) return valid;
        }
        catch (RedisOptionsException exception)
        {
            faults.AddRange(exception.Faults);
        }

        throw new RedisOptionsException(_source, faults);
    }

    // Configuration files write times as 00:00:05, people as 5s.
    private static TimeSpan TimeOf(SettingValue value) =>
        value.Text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value.Text, CultureInfo.InvariantCulture, out TimeSpan time) ? time : value.Time();

    private T Read<T>(string name, T unlessSet, Func<SettingValue, T> read)
    {
        _ = _known.Add(name);
        if (!_values.TryGetValue(name, out string? text)) return unlessSet;
        try
        {
            // As in a URI: a bare number would be milliseconds, and who writes 30 may mean days.
            return read(new SettingValue(name, text, Uri: true) { Where = string.Empty });
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            _faults.Add($"{name}: {exception.Message.TrimEnd('.')}");
            return unlessSet;
        }
    }
}
