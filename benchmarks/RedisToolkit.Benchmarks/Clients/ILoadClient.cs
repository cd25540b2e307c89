using RedisToolkit.Benchmarks.Load;

namespace RedisToolkit.Benchmarks.Clients;

/// <summary>A client under load: one connection (or multiplexer), driven by all callers of a round.</summary>
internal interface ILoadClient : IAsyncDisposable
{
    /// <summary>Works until <see cref="Round.Running"/> is false and every call begun is answered.</summary>
    /// <exception cref="NotSupportedException">The client cannot do this workload; the message goes into the results.</exception>
    Task RunAsync(Workload workload, Round round);
}

/// <summary>
/// A client whose callers are async loops. Each loop is written against the client's own API and awaits its own kind of
/// task: an interface over single calls would add an allocation and a hop to some clients and not to others.
/// </summary>
internal abstract class CallerLoops : ILoadClient
{
    public async Task RunAsync(Workload workload, Round round)
    {
        Prepare(workload);
        Func<Caller, Task> loop = workload.Job switch
        {
            Job.Get => GetAsync,
            Job.GetPooled => GetPooledAsync,
            Job.Burst => BurstAsync,
            Job.Set => SetAsync,
            Job.HashGetAll => HashGetAllAsync,
            Job.MultiGet => MultiGetAsync,
            Job.Script => ScriptAsync,
            _ => throw new NotSupportedException($"No loop for {workload.Job}."),
        };
        await Task.WhenAll(round.Callers.Select(caller => Task.Run(() => loop(caller))));
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes keys and values of the workload ready, so that loops only index into arrays.</summary>
    protected abstract void Prepare(Workload workload);

    protected abstract Task GetAsync(Caller caller);

    protected abstract Task GetPooledAsync(Caller caller);

    protected abstract Task BurstAsync(Caller caller);

    protected abstract Task SetAsync(Caller caller);

    protected abstract Task HashGetAllAsync(Caller caller);

    protected abstract Task MultiGetAsync(Caller caller);

    protected abstract Task ScriptAsync(Caller caller);
}
