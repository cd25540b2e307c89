using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Reading.</content>
public sealed partial class HashFields
{
    /// <summary>Reads a field as text (UTF-8).</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null if the field is missing or its time has run out. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks><c>HMGET</c>, O(1).</remarks>
    public ValueTask<string?> GetAsync(RedisArgument key, RedisArgument field, CancellationToken cancellationToken = default) =>
        GetAsync(key, field, Replies.Text, cancellationToken);

    /// <summary>Reads a field.</summary>
    /// <typeparam name="T">What the value becomes.</typeparam>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <param name="value">How the value is read, such as <see cref="Replies.Bytes"/> or <see cref="Replies.Pooled"/>; it must know an absent one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value, or what <paramref name="value"/> makes of an absent one. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks><c>HMGET</c>, O(1).</remarks>
    public ValueTask<T> GetAsync<T>(RedisArgument key, RedisArgument field, ReplyReader<T> value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ReadAsync(new HashKey(key, nameof(key)), FieldRead.Values, Checked([field]), new OnlyReader<T>(value), cancellationToken);
    }

    /// <summary>Reads fields as text (UTF-8).</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A text for each field in the order given, null for one that is missing. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks><c>HMGET</c>, O(N).</remarks>
    public ValueTask<string?[]> GetManyAsync(RedisArgument key, ReadOnlySpan<RedisArgument> fields, CancellationToken cancellationToken = default) =>
        GetManyAsync(key, fields, Replies.Text, cancellationToken);

    /// <summary>Reads fields.</summary>
    /// <typeparam name="T">What each value becomes.</typeparam>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields.</param>
    /// <param name="value">How a value is read; it must know an absent one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A value for each field in the order given. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks><c>HMGET</c>, O(N).</remarks>
    public ValueTask<T[]> GetManyAsync<T>(RedisArgument key, ReadOnlySpan<RedisArgument> fields, ReplyReader<T> value, CancellationToken cancellationToken = default)
    {
        ReplyReader<T[]> values = Replies.ArrayOf(value);
        return ReadAsync(new HashKey(key, nameof(key)), FieldRead.Values, Checked(fields), values, cancellationToken);
    }

    /// <summary>Reads all fields and their values as text (UTF-8).</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is there; empty if the hash is missing. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks><c>HGETALL</c>, O(N) in the size of the hash.</remarks>
    public ValueTask<Dictionary<string, string>> GetAllAsync(RedisArgument key, CancellationToken cancellationToken = default) =>
        GetAllAsync(key, PresentText, cancellationToken);

    /// <summary>Reads all fields and their values.</summary>
    /// <typeparam name="T">What each value becomes.</typeparam>
    /// <param name="key">The key of the hash.</param>
    /// <param name="value">How a value is read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is there; empty if the hash is missing. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks><c>HGETALL</c>, O(N) in the size of the hash.</remarks>
    public ValueTask<Dictionary<string, T>> GetAllAsync<T>(RedisArgument key, ReplyReader<T> value, CancellationToken cancellationToken = default)
    {
        ReplyReader<Dictionary<string, T>> map = Replies.MapOf(Replies.Text, value);
        return ReadAsync(new HashKey(key, nameof(key)), FieldRead.All, [], map, cancellationToken);
    }

    /// <summary>Reads fields as text and gives those that are there a new time to live.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields.</param>
    /// <param name="timeToLive">How long they are kept from now on, <see cref="TimeToLive.Forever"/> included. With an instant that has passed they are deleted.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>A text for each field in the order given, null for one that is missing. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>A script that does what <c>HGETEX</c> does, O(N).</remarks>
    public ValueTask<string?[]> GetAndExpireAsync(RedisArgument key, ReadOnlySpan<RedisArgument> fields, TimeToLive timeToLive, CancellationToken cancellationToken = default) =>
        GetAndExpireAsync(key, fields, timeToLive, Replies.Text, cancellationToken);

    /// <summary>Reads fields and gives those that are there a new time to live.</summary>
    /// <typeparam name="T">What each value becomes.</typeparam>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields.</param>
    /// <param name="timeToLive">How long they are kept from now on, <see cref="TimeToLive.Forever"/> included. With an instant that has passed they are deleted.</param>
    /// <param name="value">How a value is read; it must know an absent one.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>A value for each field in the order given. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>A script that does what <c>HGETEX</c> does, O(N).</remarks>
    public ValueTask<T[]> GetAndExpireAsync<T>(
        RedisArgument key, ReadOnlySpan<RedisArgument> fields, TimeToLive timeToLive, ReplyReader<T> value, CancellationToken cancellationToken = default)
    {
        ReplyReader<T[]> values = Replies.ArrayOf(value);
        var hash = new HashKey(key, nameof(key));
        RedisArgument ttl = timeToLive.Required(nameof(timeToLive), orForever: true, orUnchanged: false).ForScript();
        return ScriptAsync(hash, FieldScripts.GetAndExpire.Call([hash.Hash, hash.Deadlines], [_mode, ttl, .. Checked(fields)]), values, cancellationToken);
    }

    /// <summary>Tells how long fields will be there.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>An answer for each field in the order given. The hash's own time to live is not looked at. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks><c>HPTTL</c>, O(N).</remarks>
    public ValueTask<FieldTimeToLive[]> TimeToLiveAsync(RedisArgument key, ReadOnlySpan<RedisArgument> fields, CancellationToken cancellationToken = default) =>
        ReadAsync(new HashKey(key, nameof(key)), FieldRead.TimeToLive, Checked(fields), FieldTimeToLive.Reader, cancellationToken);

    /// <summary>Looks whether the hash has a field whose time has not run out.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it has. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks><c>HPTTL</c>, O(1).</remarks>
    public async ValueTask<bool> ExistsAsync(RedisArgument key, RedisArgument field, CancellationToken cancellationToken = default) =>
        (await TimeToLiveAsync(key, [field], cancellationToken).ConfigureAwait(false))[0].FieldExists;

    /// <summary>Counts the fields.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// How many there are; 0 if the hash is missing. Servers that expire fields themselves count one whose time has run out until they
    /// remove it, usually within a tenth of a second. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.
    /// </returns>
    /// <remarks><c>HLEN</c>, O(1); with deadlines beside the hash O(log N + M), M for those that have run out and are not swept yet.</remarks>
    public ValueTask<long> CountAsync(RedisArgument key, CancellationToken cancellationToken = default) =>
        ReadAsync(new HashKey(key, nameof(key)), FieldRead.Count, [], Replies.Integer, cancellationToken);

    /// <summary>Gets the shape of a text that is never absent.</summary>
    internal static ReplyReader<string> PresentText { get; } = Replies.From(static (ref RespReader reader) => reader.ReadText() ?? string.Empty);

    private async ValueTask<T> ReadAsync<T>(HashKey key, FieldRead read, RedisArgument[] fields, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        if (await ServerExpiresFieldsAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                (bool isWhole, T value) = await DirectAsync(key, read.Command(key, fields), reply, cancellationToken).ConfigureAwait(false);
                if (isWhole) return value;
                reply.Discard(value);
                _ = await ConvertAsync(key.Hash, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisServerException refusal) when (IsNotKnown(refusal))
            {
                // The script does it without the command.
            }
        }

        return await ScriptAsync(key, read.Script(key, _mode, fields), reply, cancellationToken).ConfigureAwait(false);
    }

    internal ValueTask<bool> ServerExpiresFieldsAsync(CancellationToken cancellationToken) =>
        Options.Storage == HashFieldStorage.Automatic ? _redis.SupportsAsync(RedisCapabilities.HashFieldGetAndExpire, cancellationToken) : ValueTask.FromResult(false);

    // One node of several may be older than the one that was asked, and a user's rules may have changed. The scripts find out by themselves.
    private static bool IsNotKnown(RedisServerException refusal) =>
        refusal.Code == RedisErrorCode.NoPermission || refusal.ServerMessage.Contains("unknown command", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sends a command, and in the same write asks whether the hash has deadlines beside it, of which the command knows nothing.</summary>
    private async ValueTask<(bool IsWhole, T Value)> DirectAsync<T>(HashKey key, RedisCommand command, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        var batch = new RedisBatch();
        BatchResult<long> beside = batch.Add(RedisCommand.Create("EXISTS", key.Deadlines), Replies.Integer);
        BatchResult<T> answer = batch.Add(command, reply);
        await _redis.ExecuteAsync(batch, cancellationToken).ConfigureAwait(false);
        try
        {
            return (beside.Value == 0, answer.Value);
        }
        catch (RedisServerException refusal)
        {
            throw await key.ExplainAsync(_redis, refusal, cancellationToken).ConfigureAwait(false);
        }
    }

    // The only element of an array.
    private sealed class OnlyReader<T>(ReplyReader<T> element) : ReplyReader<T>
    {
        public override T Read(ref RespReader reader)
        {
            _ = reader.ReadArrayHeader();
            return element.Read(ref reader);
        }

        public override void Discard(T value) => element.Discard(value);
    }
}
