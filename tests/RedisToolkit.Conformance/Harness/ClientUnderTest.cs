using RedisToolkit.Client;

namespace RedisToolkit.Conformance;

/// <summary>
/// One implementation of <see cref="IRedisClient"/>, as the suites see it. A test project derives from it once, and from each suite
/// with it; every test has an instance of its own.
/// </summary>
public abstract class ClientUnderTest : IAsyncDisposable
{
    /// <summary>Gets what people call the client, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Gets what it cannot do.</summary>
    /// <value>For each limit that consists of a refusal, what it throws; null for the others.</value>
    public abstract IReadOnlyDictionary<Limit, Refusal?> Limits { get; }

    /// <summary>Connects.</summary>
    /// <param name="settings">To where, and how.</param>
    /// <returns>The client, connected. The test disposes it.</returns>
    public abstract Task<IRedisClient> ConnectAsync(ClientSettings settings);

    /// <summary>Closes what the clients of this test did not own. Called after each test.</summary>
    /// <returns>When it is closed.</returns>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
