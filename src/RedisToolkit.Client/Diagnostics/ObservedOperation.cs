using System.Diagnostics;

namespace RedisToolkit.Client;

/// <summary>A command or a batch that somebody wants to know the duration of, or a span for.</summary>
internal readonly struct ObservedOperation
{
    private readonly string _operation;
    private readonly ServerIdentity _server;
    private readonly Activity? _activity;
    private readonly long _began;

    private ObservedOperation(string operation, ServerIdentity server, Activity? activity)
    {
        _operation = operation;
        _server = server;
        _activity = activity;
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>Gets a value indicating whether anybody listens. If not, this question is all that observing costs.</summary>
    public static bool IsWanted => ClientMetrics.WantsDurations || ClientActivities.HasListeners;

    /// <summary>Sends a command and observes it until its result is there.</summary>
    /// <param name="operation">The command's name, or <c>PIPELINE</c> or <c>MULTI</c>.</param>
    /// <param name="server">The server that answers it, as far as is known before it is sent.</param>
    /// <param name="argumentCount">How many arguments follow the name.</param>
    /// <param name="batchSize">How many commands it is made of; 0 for one that is no batch.</param>
    /// <param name="send">Sends it; what it throws at once is thrown at once.</param>
    /// <param name="state">What <paramref name="send"/> is given.</param>
    public static ValueTask<T> RunAsync<T, TState>(string operation, ServerIdentity server, int argumentCount, int batchSize, Func<TState, ValueTask<T>> send, TState state)
    {
        Activity? outer = Activity.Current;
        var observed = new ObservedOperation(operation, server, ClientActivities.Begin(operation, server, argumentCount, batchSize));
        ValueTask<T> result;
        try
        {
            result = send(state);
        }
        catch (Exception exception)
        {
            observed.End(exception);
            throw;
        }
        finally
        {
            // The caller goes on before the span ends; what it does meanwhile is not part of it.
            if (observed._activity is not null) Activity.Current = outer;
        }

        return observed.AwaitAsync(result);
    }

    private async ValueTask<T> AwaitAsync<T>(ValueTask<T> result)
    {
        T value;
        try
        {
            value = await result.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            End(exception);
            throw;
        }

        End(null);
        return value;
    }

    private void End(Exception? error)
    {
        if (ClientMetrics.WantsDurations) ClientMetrics.Operation(_operation, _server, Stopwatch.GetElapsedTime(_began), error);
        if (_activity is not null) ClientActivities.End(_activity, error);
    }
}
