using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// All commands of a client that wait: at each step of the coarse clock it ends those whose deadline has passed and sends those
/// again that have rested. StackExchange.Redis has no deadline of its own for asynchronous calls before 2.0.
/// </summary>
internal sealed class DeadlineWatch : IDisposable
{
    private readonly CoarseClock _clock;
    private readonly Stripe[] _stripes;

    public DeadlineWatch(CoarseClock clock)
    {
        _clock = clock;
        // As many as callers can run at once, so that they seldom wait for each other.
        _stripes = new Stripe[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16))];
        for (int i = 0; i < _stripes.Length; i++) _stripes[i] = new Stripe();
        clock.Subscribe(Step);
    }

    public void Add(Execution execution)
    {
        int at = Thread.GetCurrentProcessorId() & (_stripes.Length - 1);
        execution.Stripe = at;
        Stripe stripe = _stripes[at];
        lock (stripe.Gate)
        {
            execution.Next = stripe.First;
            if (stripe.First is { } first) first.Previous = execution;
            stripe.First = execution;
        }
    }

    public void Remove(Execution execution)
    {
        Stripe stripe = _stripes[execution.Stripe];
        lock (stripe.Gate)
        {
            if (execution.Previous is { } previous) previous.Next = execution.Next;
            else stripe.First = execution.Next;
            if (execution.Next is { } next) next.Previous = execution.Previous;
            execution.Next = execution.Previous = null;
        }
    }

    /// <summary>Waits until no command waits any more, for as long as is allowed, and ends those that still do.</summary>
    /// <param name="most">How long to wait for them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="error">What to tell their callers.</param>
    public async ValueTask DrainAsync(TimeSpan most, TimeProvider time, Func<string, Exception> error)
    {
        long began = time.GetTimestamp();
        while (Array.Exists(_stripes, static stripe => stripe.First is not null) && time.GetElapsedTime(began) < most)
            await Task.Delay(TimeSpan.FromMilliseconds(CoarseClock.StepMilliseconds), time).ConfigureAwait(false);

        foreach (Stripe stripe in _stripes)
        {
            var left = new List<(Execution Execution, long Use)>();
            lock (stripe.Gate)
            {
                for (Execution? execution = stripe.First; execution is not null; execution = execution.Next) left.Add((execution, execution.Use));
            }

            foreach ((Execution execution, long use) in left) execution.End(use, error);
        }
    }

    public void Dispose() => _clock.Unsubscribe(Step);

    private void Step(long now)
    {
        List<(Execution Execution, long Use)>? late = null;
        foreach (Stripe stripe in _stripes)
        {
            lock (stripe.Gate)
            {
                for (Execution? execution = stripe.First; execution is not null; execution = execution.Next)
                {
                    long use = execution.Use;
                    bool isOpen = (use & 1) == 0;
                    if (isOpen && execution.Deadline <= now)
                    {
                        (late ??= []).Add((execution, use));
                    }
                    else if (execution.RestsUntil is > 0 and var rested && (now >= rested || !isOpen))
                    {
                        execution.RestsUntil = 0;
                        ThreadPool.UnsafeQueueUserWorkItem(execution, preferLocal: false);
                    }
                }
            }
        }

        // Outside the locks: it makes exceptions.
        if (late is null) return;
        foreach ((Execution execution, long use) in late) execution.OnOutOfTime(use);
    }

    private sealed class Stripe
    {
        public readonly Lock Gate = new();
        public volatile Execution? First;
    }
}
