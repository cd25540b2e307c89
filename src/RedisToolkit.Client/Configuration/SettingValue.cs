using System.Globalization;
using System.Security.Authentication;

namespace RedisToolkit.Client;

/// <summary>The text of one setting of a connection string, and the types it can be read as.</summary>
internal readonly record struct SettingValue(string Key, string Text, bool Uri)
{
    /// <summary>Where it stands, for messages; empty if the reader says so himself.</summary>
    internal string Where { get; init; } = " in the connection string";

    /// <summary>The text; null for an empty one, which is what a template leaves whose variable was empty.</summary>
    internal string? TextOrNull => Text.Length is 0 ? null : Text;

    internal int Integer() =>
        int.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Fault("a whole number of at most 2,147,483,647");

    internal bool Switch() => Text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => throw Fault("true or false"),
    };

    /// <summary>A number and its unit. Other clients disagree on what a bare number means in a URI, so there the unit is a must.</summary>
    internal TimeSpan Time()
    {
        ReadOnlySpan<char> text = Text;
        int digits = text.IndexOfAnyExcept("-0123456789.");
        ReadOnlySpan<char> unit = digits < 0 ? "" : text[digits..].Trim();
        ReadOnlySpan<char> number = digits < 0 ? text : text[..digits];
        long ticks = unit switch
        {
            "" when !Uri => TimeSpan.TicksPerMillisecond,
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" or "min" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => 0,
        };
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (ticks is 0 || !decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out decimal count) || Math.Abs(count) > (decimal)TimeSpan.MaxValue.Ticks / ticks)
            throw Fault(Uri ? "a time with its unit, as in 500ms, 5s, 1m or 1h" : "a time in milliseconds, or one with its unit, as in 5s");
        return TimeSpan.FromTicks((long)(count * ticks));
    }

    internal RespProtocol Protocol() => Text.ToLowerInvariant() switch
    {
        "auto" => RespProtocol.Auto,
        "resp2" or "2" => RespProtocol.Resp2,
        "resp3" or "3" => RespProtocol.Resp3,
        _ => throw Fault("auto, resp2 or resp3"),
    };

    internal SslProtocols TlsVersions()
    {
        SslProtocols versions = SslProtocols.None;
        foreach (string name in Text.Split('|', StringSplitOptions.TrimEntries))
        {
            versions |= name.ToLowerInvariant() switch
            {
                "none" => SslProtocols.None,
                "tls12" => SslProtocols.Tls12,
                "tls13" => SslProtocols.Tls13,
                _ => throw Fault("tls12, tls13, tls12|tls13, or none for the system's choice"),
            };
        }

        return versions;
    }

    internal void MustBe(bool allowed, string what)
    {
        if (!allowed) throw Fault(what);
    }

    private FormatException Fault(string allowed) =>
        new($"The value of {Key}{Where} ({Text.Length} characters) cannot be used; allowed is {allowed}.");
}
