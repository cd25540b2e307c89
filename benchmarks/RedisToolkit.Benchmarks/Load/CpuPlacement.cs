using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>
/// Binds processes to cores (Linux). A worker must be born bound, so that its runtime counts only the cores it has; and
/// Process.ProcessorAffinity would bind one thread of a server that already runs with several.
/// </summary>
internal static partial class CpuPlacement
{
    private const ulong Core0 = 1;
    private const ulong Core1 = 2;

    public static Process StartWorker(Placement placement, ProcessStartInfo start)
    {
        var mask = placement switch { Placement.OneCore => Core0, Placement.Split => Core1, _ => AllCores };
        if (placement == Placement.Free) return Process.Start(start)!;

        // A child inherits the mask of the thread that starts it.
        SetAffinity(0, mask);
        try
        {
            return Process.Start(start)!;
        }
        finally
        {
            SetAffinity(0, AllCores);
        }
    }

    /// <summary>Binds every thread of a running server to core 0, or to none in particular.</summary>
    /// <exception cref="Win32Exception">The system refused: the process belongs to someone else.</exception>
    public static void PlaceServer(Placement placement, int processId)
    {
        var mask = placement == Placement.Free ? AllCores : Core0;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{processId}/task"))
            SetAffinity(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), mask);
    }

    private static ulong AllCores => ulong.MaxValue; // the kernel leaves out the cores there are not

    private static void SetAffinity(int thread, ulong mask)
    {
        if (SchedSetAffinity(thread, sizeof(ulong), in mask) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "Binding a process to a core failed; use --placement free.");
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nuint size, in ulong mask);
}
