using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>A server that holds a part of the keys: all of them, where there is one server.</summary>
/// <param name="redis">What sends commands to it, and to no other.</param>
/// <param name="whole">What sends commands to whichever server has their keys: a key may have moved since this one named it.</param>
internal sealed class Primary(IRedisClient redis, IRedisClient whole)
{
    private const string RunId = "run_id:";
    private static readonly RedisCommand Info = RedisCommand.Create("INFO", "server");
    private bool _mayIdentify = true;

    public IRedisClient Redis => redis;

    /// <summary>Gets what to ask for its keys with.</summary>
    public IRedisClient Keys => whole;

    /// <summary>Gets a value indicating whether it is one of several, or may become one: a node of a cluster.</summary>
    public bool IsNode => !ReferenceEquals(redis, whole);

    /// <summary>All servers whose keys together are the keyspace.</summary>
    public static async ValueTask<IReadOnlyList<Primary>> AllOfAsync(IRedisClient redis, CancellationToken cancellationToken) =>
        [.. (await redis.GetPrimariesAsync(cancellationToken).ConfigureAwait(false)).Select(one => new Primary(one, redis))];

    /// <summary>
    /// Which process answers: each start of a server has an id of its own. A cursor is a place in one process's tables and means nothing
    /// in another's, so a scan that began in one and ended in another may have left out keys.
    /// </summary>
    /// <returns>The id; null if the user may not ask, and then it goes unnoticed.</returns>
    public async ValueTask<string?> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (!_mayIdentify) return null;
        try
        {
            return IdOf(await redis.ExecuteAsync(Info, Replies.Text, cancellationToken).ConfigureAwait(false));
        }
        catch (RedisException refused) when (IsNotAllowed(refused))
        {
            _mayIdentify = false;
            return null;
        }
    }

    /// <summary>Sends the first step of a scan together with the question which process answers it.</summary>
    public async ValueTask<(string? Id, ScanReply<T> Reply)> BeginAsync<T>(RedisCommand step, ReplyReader<ScanReply<T>> shape, CancellationToken cancellationToken)
    {
        if (!_mayIdentify) return (null, await redis.ExecuteAsync(step, shape, cancellationToken).ConfigureAwait(false));
        var batch = new RedisBatch();
        BatchResult<string?> info = batch.Add(Info, Replies.Text);
        BatchResult<ScanReply<T>> reply = batch.Add(step, shape);
        try
        {
            await redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisCommandDisabledException)
        {
            // Either of the two; if it was the step, it says so again.
            _mayIdentify = false;
            return (null, await redis.ExecuteAsync(step, shape, cancellationToken).ConfigureAwait(false));
        }

        _mayIdentify = info.Error is not { } error || !IsNotAllowed(error);
        return (_mayIdentify ? IdOf(info.Value) : null, reply.Value);
    }

    private static bool IsNotAllowed(Exception error) => error is RedisCommandDisabledException or RedisServerException { IsTransient: false };

    private static string? IdOf(string? info)
    {
        foreach (ReadOnlySpan<char> line in info.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(RunId, StringComparison.Ordinal)) return line[RunId.Length..].Trim().ToString();
        }

        return null;
    }
}
