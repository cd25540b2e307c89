using System.Globalization;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>Processor time as Linux counts it, in seconds.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>Reads what all processes of the machine have used together since it started.</summary>
    public static double OfMachine()
    {
        // cpu  user nice system idle iowait irq softirq steal ...
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Field(1) + Field(2) + Field(3) + Field(6) + Field(7)) / TicksPerSecond;

        long Field(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
    }

    /// <summary>Reads what all threads of a process have used, to the nanosecond.</summary>
    public static double Of(int processId) => Directory.EnumerateDirectories($"/proc/{processId}/task")
        .Sum(thread => long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)) / 1e9;
}
