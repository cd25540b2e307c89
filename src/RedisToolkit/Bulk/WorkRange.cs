using System.Globalization;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Checks what long work is told, before anything is sent.</summary>
internal static class WorkRange
{
    public static void Require(long value, long min, long max, string name)
    {
        if (value >= min && value <= max) return;
        throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value:N0}; allowed are {min:N0} to {max:N0}."));
    }

    public static void Require(double value, double min, double max, string name)
    {
        if (value >= min && value <= max) return;
        throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; allowed are {min} to {max}."));
    }

    public static void RequireDefined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; allowed are {string.Join(", ", Enum.GetNames<T>())}.");
    }

    public static void RequirePattern(RedisArgument? pattern, string name)
    {
        if (pattern is { } given && given.ToBytes().Length == 0) throw new ArgumentException($"{name} is empty, which matches no key but the empty one. For every key, use \"*\".", name);
    }
}
