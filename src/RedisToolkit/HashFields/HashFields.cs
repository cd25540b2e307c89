using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Hashes whose fields each have a time to live of their own, alike on every server: those that can expire fields do it themselves
/// (Redis 7.4, Valkey 9.0), for others deadlines are kept beside the hash. Safe for any number of callers at once.
/// </summary>
/// <remarks>
/// Each method is one atomic step and one round trip, whether the server does it or a script. Where the documentation of a method
/// names commands, those are sent to Redis 8.0 and Valkey 9.0; servers below, and hashes that still have deadlines from one, get a
/// script. A field whose time has run out is missing from then on, by the server's clock; this process's clock is never asked.
/// Beside a hash at <c>dash:7</c> is a second key, <c>{dash:7}:field-deadlines</c>, in the same slot; rules for users must allow both.
/// </remarks>
/// <example>
/// <code>
/// var fields = new HashFields(redis);
/// await fields.SetAsync("dash:7", [("cpu", 71, TimeToLive.Seconds(5)), ("owner", "ada", TimeToLive.Hours(1))]);
/// string? cpu = await fields.GetAsync("dash:7", "cpu");
/// </code>
/// </example>
public sealed partial class HashFields
{
    private readonly IRedisClient _redis;
    private readonly RedisArgument _mode;

    /// <summary>Makes the service; nothing is sent.</summary>
    /// <param name="redis">The client, which the caller goes on owning.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="RedisOptionsException">An option is out of its range; the message lists all that are.</exception>
    public HashFields(IRedisClient redis, HashFieldsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(redis);
        _redis = redis;
        Options = (options ?? new HashFieldsOptions()).Validated();
        _mode = Options.Storage == HashFieldStorage.Automatic ? "automatic" : "portable";
    }

    /// <summary>Gets the most fields that one call takes: 100,000. A server is busy with so many for a few tenths of a second.</summary>
    public static int MostFields => 100_000;

    /// <summary>Gets how the fields are kept.</summary>
    public HashFieldsOptions Options { get; }

    /// <summary>Writes a field with its time to live.</summary>
    /// <param name="key">The key of the hash, which is made if it is missing.</param>
    /// <param name="field">The field. Not empty.</param>
    /// <param name="value">The value.</param>
    /// <param name="timeToLive">How long it is kept.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>When it is written.</returns>
    /// <exception cref="ArgumentException">The key or field is empty, or no time to live is said; nothing was sent.</exception>
    /// <exception cref="RedisKeyTypeException">The key holds another type than a hash, or the one beside it another than a sorted set. Nothing was changed.</exception>
    /// <exception cref="RedisValueException">The deadlines beside the hash were tampered with. Nothing was changed.</exception>
    /// <remarks><c>HSETEX</c>, O(1).</remarks>
    public async ValueTask SetAsync(RedisArgument key, RedisArgument field, RedisArgument value, TimeToLive timeToLive, CancellationToken cancellationToken = default) =>
        _ = await SetAsync(key, [(field, value, timeToLive)], SetFieldsWhen.Always, cancellationToken).ConfigureAwait(false);

    /// <summary>Writes fields, each with a time to live of its own, all of them or none.</summary>
    /// <param name="key">The key of the hash, which is made if it is missing.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields, values and times to live. Of two equal fields the last one counts.</param>
    /// <param name="when">What must hold for them to be written.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>False if the condition did not hold, and nothing was written. Exceptions are those of the other overload.</returns>
    /// <remarks><c>HSETEX</c> if all times to live are the same and there is no condition, else a script. O(N).</remarks>
    public ValueTask<bool> SetAsync(
        RedisArgument key,
        ReadOnlySpan<(RedisArgument Field, RedisArgument Value, TimeToLive TimeToLive)> fields,
        SetFieldsWhen when = SetFieldsWhen.Always,
        CancellationToken cancellationToken = default)
    {
        var hash = new HashKey(key, nameof(key));
        RequireCount(fields.Length);
        if (!Enum.IsDefined(when)) throw new ArgumentOutOfRangeException(nameof(when), when, "The condition is Always, NoneExists or AllExist.");
        TimeToLive first = fields[0].TimeToLive;
        bool plain = when == SetFieldsWhen.Always && first.Ends;
        foreach ((RedisArgument field, RedisArgument value, TimeToLive timeToLive) in fields)
        {
            RequireField(field);
            if (value == default) throw new ArgumentException("A value is default(RedisArgument), which is no value.", nameof(fields));
            _ = timeToLive.Required(nameof(fields), orForever: true, orUnchanged: true);
            plain &= timeToLive == first;
        }

        return SetAsync(hash, fields.ToArray(), when, plain, cancellationToken);
    }

    /// <summary>Gives fields that are there a time to live.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields.</param>
    /// <param name="timeToLive">A duration or an instant. Fields for which the instant has passed are deleted.</param>
    /// <param name="when">What must hold of a field for it to be given.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>An outcome for each field in the order given: done, not there, condition not met, or deleted. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>A script (<c>HPEXPIREAT</c>), O(N).</remarks>
    public ValueTask<FieldOutcome[]> ExpireAsync(
        RedisArgument key, ReadOnlySpan<RedisArgument> fields, TimeToLive timeToLive, ExpireWhen when = ExpireWhen.Always, CancellationToken cancellationToken = default)
    {
        var pairs = new (RedisArgument, TimeToLive)[fields.Length];
        for (int i = 0; i < pairs.Length; i++) pairs[i] = (fields[i], timeToLive);
        return ExpireAsync(key, pairs, when, cancellationToken);
    }

    /// <summary>Gives fields that are there each a time to live of its own.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields, each with a duration or an instant.</param>
    /// <param name="when">What must hold of a field for it to be given.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>An outcome for each field in the order given. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>A script (<c>HPEXPIREAT</c>), O(N).</remarks>
    public ValueTask<FieldOutcome[]> ExpireAsync(
        RedisArgument key, ReadOnlySpan<(RedisArgument Field, TimeToLive TimeToLive)> fields, ExpireWhen when = ExpireWhen.Always, CancellationToken cancellationToken = default)
    {
        var hash = new HashKey(key, nameof(key));
        RequireCount(fields.Length);
        var arguments = new RedisArgument[2 + (2 * fields.Length)];
        (arguments[0], arguments[1]) = (_mode, when.Option(nameof(when)) ?? "ALWAYS");
        for (int i = 0; i < fields.Length; i++)
        {
            RequireField(fields[i].Field);
            arguments[2 + (2 * i)] = fields[i].Field;
            arguments[3 + (2 * i)] = fields[i].TimeToLive.Required(nameof(fields), orForever: false, orUnchanged: false).ForScript();
        }

        return ScriptAsync(hash, FieldScripts.Expire.Call([hash.Hash, hash.Deadlines], arguments), Outcomes, cancellationToken);
    }

    /// <summary>Takes the times to live of fields away, so that they are kept until they are deleted.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>An outcome for each field in the order given: done, not there, or had none. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>A script (<c>HPERSIST</c>), O(N).</remarks>
    public ValueTask<FieldOutcome[]> PersistAsync(RedisArgument key, ReadOnlySpan<RedisArgument> fields, CancellationToken cancellationToken = default)
    {
        var hash = new HashKey(key, nameof(key));
        return ScriptAsync(hash, Call(FieldScripts.Persist, hash, fields), Outcomes, cancellationToken);
    }

    /// <summary>Deletes fields; with its last field the hash is gone.</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">1 to <see cref="MostFields"/> fields.</param>
    /// <param name="cancellationToken">Ends the wait. What was sent still takes effect.</param>
    /// <returns>How many of them there were. Exceptions are those of <see cref="SetAsync(RedisArgument, RedisArgument, RedisArgument, TimeToLive, CancellationToken)"/>.</returns>
    /// <remarks>A script (<c>HDEL</c>), O(N).</remarks>
    public ValueTask<long> DeleteAsync(RedisArgument key, ReadOnlySpan<RedisArgument> fields, CancellationToken cancellationToken = default)
    {
        var hash = new HashKey(key, nameof(key));
        return ScriptAsync(hash, Call(FieldScripts.Delete, hash, fields), Replies.Integer, cancellationToken);
    }

    private static ReplyReader<FieldOutcome[]> Outcomes { get; } = Replies.ArrayOf(Replies.From(static (ref RespReader reader) => (FieldOutcome)(int)reader.ReadInt64()));

    internal IRedisClient Redis => _redis;

    internal RedisArgument Mode => _mode;

    internal static void RequireCount(int count)
    {
        if (count == 0) throw new ArgumentException("At least one field is needed.", "fields");
        if (count > MostFields) throw new ArgumentException($"{count} fields are more than the {MostFields} that one call takes: the server would be held up for too long. Make several calls.", "fields");
    }

    internal static void RequireField(in RedisArgument field)
    {
        if (field == default) throw new ArgumentException("A field is default(RedisArgument), which is no name.", nameof(field));
        if (field == string.Empty) throw new ArgumentException("The name of a field is empty.", nameof(field));
    }

    /// <summary>Calls a script, and says which key is wrong if one is.</summary>
    internal async ValueTask<T> ScriptAsync<T>(HashKey key, RedisCommand call, ReplyReader<T> reply, CancellationToken cancellationToken)
    {
        try
        {
            return await _redis.ExecuteAsync(call, reply, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal)
        {
            throw await key.ExplainAsync(_redis, refusal, cancellationToken).ConfigureAwait(false);
        }
    }

    private static RedisArgument Word(SetFieldsWhen when) => when switch
    {
        SetFieldsWhen.NoneExists => "missing",
        SetFieldsWhen.AllExist => "present",
        _ => "always",
    };

    private static RedisArgument[] Flat(ReadOnlySpan<(RedisArgument Field, RedisArgument Value, TimeToLive TimeToLive)> fields)
    {
        var flat = new RedisArgument[fields.Length * 3];
        for (int i = 0; i < fields.Length; i++) (flat[3 * i], flat[(3 * i) + 1], flat[(3 * i) + 2]) = (fields[i].Field, fields[i].Value, fields[i].TimeToLive.ForScript());
        return flat;
    }

    private static RedisCommand SetCommand(HashKey hash, ReadOnlySpan<(RedisArgument Field, RedisArgument Value, TimeToLive TimeToLive)> fields)
    {
        (RedisArgument option, RedisArgument milliseconds) = fields[0].TimeToLive.ForCommand();
        var arguments = new RedisArgument[5 + (2 * fields.Length)];
        (arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]) = (hash.Hash, option, milliseconds, "FIELDS", fields.Length);
        for (int i = 0; i < fields.Length; i++) (arguments[5 + (2 * i)], arguments[6 + (2 * i)]) = (fields[i].Field, fields[i].Value);
        return RedisCommand.Create("HSETEX", arguments);
    }

    private static RedisArgument[] Checked(ReadOnlySpan<RedisArgument> fields)
    {
        RequireCount(fields.Length);
        foreach (ref readonly RedisArgument field in fields) RequireField(field);
        return fields.ToArray();
    }

    private RedisCommand Call(LuaScript script, HashKey hash, ReadOnlySpan<RedisArgument> fields) => script.Call([hash.Hash, hash.Deadlines], [_mode, .. Checked(fields)]);

    // What a field had beside the hash does not matter where it gets a deadline of the server's own: that one counts when the rest is moved.
    private async ValueTask<bool> SetAsync(
        HashKey key, (RedisArgument Field, RedisArgument Value, TimeToLive TimeToLive)[] fields, SetFieldsWhen when, bool plain, CancellationToken cancellationToken)
    {
        if (plain && await ServerExpiresFieldsAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                (bool isWhole, bool isSet) = await DirectAsync(key, SetCommand(key, fields), Replies.Boolean, cancellationToken).ConfigureAwait(false);
                if (!isWhole) _ = await ConvertAsync(key.Hash, cancellationToken).ConfigureAwait(false);
                return isSet;
            }
            catch (RedisServerException refusal) when (IsNotKnown(refusal))
            {
                // It was refused, and the script does it without the command.
            }
        }

        RedisCommand script = FieldScripts.Set.Call([key.Hash, key.Deadlines], [_mode, Word(when), .. Flat(fields)]);
        return await ScriptAsync(key, script, Replies.Boolean, cancellationToken).ConfigureAwait(false);
    }
}
