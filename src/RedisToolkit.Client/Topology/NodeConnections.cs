namespace RedisToolkit.Client;

/// <summary>All connections to one node, whoever holds them, so that all of them can be left at once.</summary>
internal sealed class NodeConnections
{
    private readonly Lock _gate = new();
    private readonly HashSet<RedisConnection> _open = [];

    /// <summary>Takes note of a connection from before its first byte until it has ended.</summary>
    public void Add(RedisConnection connection)
    {
        lock (_gate) _open.Add(connection);
        _ = RemoveAsync(connection);
    }

    /// <summary>Ends those that are chosen.</summary>
    public void Break(Func<RedisConnection, bool> chosen, Func<RedisConnection, RedisConnectionException> reason)
    {
        foreach (RedisConnection connection in Open(chosen)) connection.Break(reason(connection));
    }

    /// <summary>Lets those that are chosen end with what is under way on them.</summary>
    public void MarkLeft(Func<RedisConnection, bool> chosen)
    {
        foreach (RedisConnection connection in Open(chosen)) connection.IsLeft = true;
    }

    /// <summary>Ends those of the chosen on which nothing is under way.</summary>
    public void BreakIdle(Func<RedisConnection, bool> chosen, Func<RedisConnection, RedisConnectionException> reason)
    {
        foreach (RedisConnection connection in Open(chosen)) _ = connection.TryBreakIdle(reason(connection));
    }

    // Not to be ended under the lock: what a connection owes is settled or passed on.
    private RedisConnection[] Open(Func<RedisConnection, bool> chosen)
    {
        lock (_gate) return [.. _open.Where(chosen)];
    }

    private async Task RemoveAsync(RedisConnection connection)
    {
        await connection.Ended.ConfigureAwait(false);
        lock (_gate) _open.Remove(connection);
    }
}
