using System.Numerics;
using System.Text;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Changing single members.</content>
public sealed partial class HashRepository<TEntity, TId>
{
    private static readonly ReplyReader<byte[]?[]> Answer = Replies.ArrayOf(Replies.Bytes);

    /// <summary>Changes some members of an entity that is there, all of them in one step or none. Fields that it does not know stay.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="change">Says what is changed, each member once: <c>change => change.Set(ShopHashes.Product.Price, 7.5m)</c>.</param>
    /// <param name="timeToLive">How long to keep the entity from now on; null for <see cref="HashRepositoryOptions.TimeToLive"/>, <see cref="TimeToLive.Unchanged"/> to leave it.</param>
    /// <param name="cancellationToken">Ends the wait. A script already sent still takes effect.</param>
    /// <returns>False if there is none; then nothing was stored: an entity that has expired does not come back in part.</returns>
    /// <exception cref="ArgumentException">Nothing is changed, or a member twice, or a required one is removed, or a value cannot be stored; nothing was sent.</exception>
    /// <exception cref="OverflowException">A sum would be out of the range of its member's type; nothing was changed.</exception>
    /// <exception cref="RedisValueException">What is to be added to is no number; nothing was changed.</exception>
    /// <remarks>One script, O(N) in the changes.</remarks>
    public async ValueTask<bool> UpdateAsync(TId id, Action<HashChange<TEntity>> change, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await ChangeAsync(id, change, timeToLive, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Adds to a member of an entity that is there. A missing field counts as the member's default, or 0.</summary>
    /// <typeparam name="TNumber">The member's type.</typeparam>
    /// <param name="id">The entity's id.</param>
    /// <param name="member">The member.</param>
    /// <param name="by">What to add; negative to subtract. Not <see cref="long.MinValue"/>.</param>
    /// <param name="timeToLive">How long to keep the entity from now on; null for <see cref="HashRepositoryOptions.TimeToLive"/>, <see cref="TimeToLive.Unchanged"/> to leave it.</param>
    /// <param name="cancellationToken">Ends the wait. A script already sent still takes effect.</param>
    /// <returns>The sum; null if there is no entity, and then none was made.</returns>
    /// <exception cref="OverflowException">The sum would be out of the range of the member's type; nothing was changed.</exception>
    /// <exception cref="RedisValueException">The field holds no integer; nothing was changed.</exception>
    /// <remarks>One script (<c>HINCRBY</c>), O(1).</remarks>
    public async ValueTask<TNumber?> IncrementAsync<TNumber>(TId id, HashIntegerMember<TEntity, TNumber> member, long by = 1, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
        where TNumber : struct, IBinaryInteger<TNumber>, IMinMaxValue<TNumber> =>
        SumOf(id, member, await ChangeAsync(id, change => change.Increment(member, by), timeToLive, cancellationToken).ConfigureAwait(false));

    /// <summary>Adds to a member of an entity that is there. A missing field counts as the member's default, or 0. The server keeps 17 digits behind the point.</summary>
    /// <typeparam name="TNumber">The member's type.</typeparam>
    /// <param name="id">The entity's id.</param>
    /// <param name="member">The member.</param>
    /// <param name="by">What to add; negative to subtract. Finite.</param>
    /// <param name="timeToLive">How long to keep the entity from now on; null for <see cref="HashRepositoryOptions.TimeToLive"/>, <see cref="TimeToLive.Unchanged"/> to leave it.</param>
    /// <param name="cancellationToken">Ends the wait. A script already sent still takes effect.</param>
    /// <returns>The sum; null if there is no entity, and then none was made.</returns>
    /// <exception cref="OverflowException">The sum would be out of the range of the member's type; nothing was changed.</exception>
    /// <exception cref="RedisValueException">The field holds no finite number; nothing was changed.</exception>
    /// <remarks>One script (<c>HINCRBYFLOAT</c>), O(1).</remarks>
    public async ValueTask<TNumber?> IncrementAsync<TNumber>(TId id, HashFloatMember<TEntity, TNumber> member, double by, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default)
        where TNumber : struct, IBinaryFloatingPointIeee754<TNumber>, IMinMaxValue<TNumber> =>
        SumOf(id, member, await ChangeAsync(id, change => change.Increment(member, by), timeToLive, cancellationToken).ConfigureAwait(false));

    private TNumber? SumOf<TNumber>(TId id, HashMember<TEntity, TNumber?> member, byte[]?[]? answer)
        where TNumber : struct
    {
        if (answer is null) return null;
        return member.TryRead(answer[1], out TNumber? sum) ? sum : throw new RedisValueException(Keys.Of(id), member.Fault());
    }

    // What the script answered; null if there is no entity.
    private async ValueTask<byte[]?[]?> ChangeAsync(TId id, Action<HashChange<TEntity>> say, TimeToLive? timeToLive, CancellationToken cancellationToken)
    {
        string key = Keys.Of(id);
        (RedisArgument option, RedisArgument milliseconds) = ForScript(timeToLive, mayBeNew: false);
        PooledBufferWriter values = PooledBufferWriter.Rent(Options.MaxValueBytes);
        HashChange<TEntity> change;
        RedisArgument[] arguments;
        try
        {
            change = new HashChange<TEntity>(values, option, milliseconds);
            say(change);
            arguments = change.ToArguments();
        }
        catch
        {
            values.Return();
            throw;
        }

        byte[]?[] answer;
        try
        {
            answer = await _redis.EvaluateAsync(HashScripts.Change, [key], arguments, Answer, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (IsWrongType(refusal))
        {
            throw await ExplainAsync(key, refusal, cancellationToken).ConfigureAwait(false);
        }

        values.Return();
        string outcome = Encoding.ASCII.GetString(answer[0].AsSpan());
        if (outcome == "done") return answer;
        if (outcome == "missing") return null;
        HashMember<TEntity> at = change.Members[int.Parse(answer[1].AsSpan(), System.Globalization.CultureInfo.InvariantCulture) - 1];
        if (outcome == "number") throw new RedisValueException(key, $"its field '{at.Field}' holds no number that could be added to");
        throw new OverflowException($"The sum in the field '{at.Field}' of the key '{key}' would be out of the range of {typeof(TEntity).Name}.{at.Name}; nothing was changed.");
    }
}
