using System.Collections.Concurrent;

namespace RedisToolkit.Client;

/// <summary>Keeps used objects: a few for each thread, which costs no synchronisation, and some for all.</summary>
/// <typeparam name="T">What is kept.</typeparam>
internal static class ObjectPool<T>
    where T : class
{
    private const int PerThread = 64;
    private const int Shared = 16 * 1024;
    private static readonly ConcurrentQueue<T> ForAll = new();
    private static int s_forAll;

    [ThreadStatic]
    private static T?[]? t_mine;

    [ThreadStatic]
    private static int t_count;

    public static T? TryRent()
    {
        if (t_count > 0)
        {
            T?[] mine = t_mine!;
            T? item = mine[--t_count];
            mine[t_count] = null;
            return item;
        }

        if (!ForAll.TryDequeue(out T? shared)) return null;
        Interlocked.Decrement(ref s_forAll);
        return shared;
    }

    public static void Return(T item)
    {
        T?[] mine = t_mine ??= new T?[PerThread];
        if (t_count < PerThread)
        {
            mine[t_count++] = item;
            return;
        }

        if (Interlocked.Increment(ref s_forAll) <= Shared) ForAll.Enqueue(item);
        else Interlocked.Decrement(ref s_forAll);
    }
}
