using System.Runtime.CompilerServices;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>Looks at tasks of StackExchange.Redis.</summary>
internal static class Ended
{
    /// <summary>Gets the value of a task that has ended well. Waits for nothing.</summary>
    public static T ValueOf<T>(Task<T> task)
    {
        ConfiguredTaskAwaitable<T>.ConfiguredTaskAwaiter ended = task.ConfigureAwait(false).GetAwaiter();
        return ended.GetResult();
    }

    /// <summary>Gets why a task that has ended has no value. It then does not count as unobserved.</summary>
    public static Exception FailureOf(Task task) => task.Exception?.InnerException ?? new TaskCanceledException(task);

    /// <summary>Sees to it that a task which may be left alone does not count as unobserved if it fails.</summary>
    public static void Observe(Task task) => _ = task.ContinueWith(
        static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
