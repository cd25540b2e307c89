using System.Diagnostics;

namespace RedisToolkit.Conformance;

/// <summary>Waits with a bound against hangs.</summary>
public static class Bounded
{
    /// <summary>Waits for a task; fails the test if it takes longer than anything that works could.</summary>
    public static async Task Within(Task task, int seconds, string what)
    {
        if (await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(seconds))) != task) Assert.Fail($"Not within {seconds} s: {what}");
        await task;
    }

    /// <inheritdoc cref="Within(Task, int, string)"/>
    public static async Task<T> Within<T>(Task<T> task, int seconds, string what)
    {
        await Within((Task)task, seconds, what);
        return await task;
    }

    /// <summary>Waits until something comes true.</summary>
    public static async Task Until(Func<bool> condition, string what, int seconds = 30)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds) Assert.Fail($"Not within {seconds} s: {what}");
            await Task.Delay(5);
        }
    }

    /// <inheritdoc cref="Until(Func{bool}, string, int)"/>
    public static async Task Until(Func<Task<bool>> condition, string what, int seconds = 30)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds) Assert.Fail($"Not within {seconds} s: {what}");
            await Task.Delay(10);
        }
    }
}
