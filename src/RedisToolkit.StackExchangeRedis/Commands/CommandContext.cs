using RedisToolkit.Client;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>What all commands of a client share.</summary>
internal sealed class CommandContext : IDisposable
{
    public CommandContext(MultiplexerSource source, StackExchangeRedisOptions options)
    {
        Source = source;
        Options = options;
        Clock = new CoarseClock(options.TimeProvider);
        Watch = new DeadlineWatch(Clock);
    }

    public MultiplexerSource Source { get; }

    public StackExchangeRedisOptions Options { get; }

    public CoarseClock Clock { get; }

    public DeadlineWatch Watch { get; }

    /// <summary>Says whether a command that failed is sent again; counts it if it may have been executed before.</summary>
    public bool MayGoOn(Exception error, bool repeatable, ref int repeats)
    {
        if (Faults.MaySendLater(error)) return true;
        if (!repeatable || !Faults.MayRepeat(error) || repeats >= Options.MaxRepeats) return false;
        repeats++;
        return true;
    }

    /// <summary>Waits until there is a multiplexer to send through.</summary>
    /// <returns>What is left of the time.</returns>
    /// <exception cref="RedisTimeoutException">There was none in time; nothing was sent.</exception>
    public async ValueTask<TimeSpan> ReadyAsync(string command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long began = Options.TimeProvider.GetTimestamp();
        try
        {
            await Source.ReadyAsync(cancellationToken).WaitAsync(timeout, Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            RedisTimeoutDetails details = Faults.Details("the multiplexer's server", connected: false, 0, "the factory of the StackExchangeRedisClient has not returned a multiplexer yet");
            throw new RedisTimeoutException(command, timeout, CommandOutcome.NotSent, details, exception);
        }

        TimeSpan left = timeout - Options.TimeProvider.GetElapsedTime(began);
        return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
    }

    public void Dispose()
    {
        Watch.Dispose();
        Clock.Dispose();
    }
}
