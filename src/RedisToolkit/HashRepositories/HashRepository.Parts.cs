using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Reading single members.</content>
public sealed partial class HashRepository<TEntity, TId>
{
    /// <summary>Reads one member of an entity.</summary>
    /// <typeparam name="TValue">The member's type.</typeparam>
    /// <param name="id">The entity's id.</param>
    /// <param name="member">The member.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its value; null if there is no entity, or no such field in its hash and no <see cref="HashMember{TEntity, TValue}.Default"/>.</returns>
    /// <remarks><c>HGET</c>, O(1). For a member with former names or a default, as <see cref="GetPartAsync"/>.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TValue?> GetAsync<TValue>(TId id, HashMember<TEntity, TValue> member, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (member.FormerArguments.Length > 0 || member.Default is not null)
        {
            HashPart<TEntity>? part = await ReadPartAsync(id, [member], isMissingTold: member.Default is not null, cancellationToken).ConfigureAwait(false);
            return part is null ? default : part.Get(member);
        }

        string key = Keys.Of(id);
        HashMemberValue<TValue> read;
        try
        {
            read = await _redis.ExecuteAsync(RedisHashes.GetBytes(key, member.Argument).Command, member.Reader, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (IsWrongType(refusal))
        {
            throw await ExplainAsync(key, refusal, cancellationToken).ConfigureAwait(false);
        }

        TValue? value = read.Value;
        bool isFaulty = read.IsFaulty || (read.Undecoded is { } bytes && !member.TryRead(bytes, out value));
        return isFaulty ? throw new RedisValueException(key, member.Fault()) : value;
    }

    /// <summary>Reads two members of an entity, as of one moment.</summary>
    /// <typeparam name="T1">The type of the first.</typeparam>
    /// <typeparam name="T2">The type of the second.</typeparam>
    /// <param name="id">The entity's id.</param>
    /// <param name="first">A member.</param>
    /// <param name="second">Another one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Their values; all null if there is no entity, and each as <see cref="HashPart{TEntity}.Get"/> has it if there is one.</returns>
    /// <remarks><c>HMGET</c>, O(1).</remarks>
    public async ValueTask<(T1? First, T2? Second)> GetAsync<T1, T2>(TId id, HashMember<TEntity, T1> first, HashMember<TEntity, T2> second, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        bool isMissingTold = first.Default is not null || second.Default is not null;
        HashPart<TEntity>? part = await ReadPartAsync(id, [first, second], isMissingTold, cancellationToken).ConfigureAwait(false);
        return part is null ? default : (part.Get(first), part.Get(second));
    }

    /// <summary>Reads three members of an entity, as of one moment.</summary>
    /// <typeparam name="T1">The type of the first.</typeparam>
    /// <typeparam name="T2">The type of the second.</typeparam>
    /// <typeparam name="T3">The type of the third.</typeparam>
    /// <param name="id">The entity's id.</param>
    /// <param name="first">A member.</param>
    /// <param name="second">Another one.</param>
    /// <param name="third">Another one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Their values; all null if there is no entity, and each as <see cref="HashPart{TEntity}.Get"/> has it if there is one.</returns>
    /// <remarks><c>HMGET</c>, O(1).</remarks>
    public async ValueTask<(T1? First, T2? Second, T3? Third)> GetAsync<T1, T2, T3>(
        TId id, HashMember<TEntity, T1> first, HashMember<TEntity, T2> second, HashMember<TEntity, T3> third, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(third);
        bool isMissingTold = first.Default is not null || second.Default is not null || third.Default is not null;
        HashPart<TEntity>? part = await ReadPartAsync(id, [first, second, third], isMissingTold, cancellationToken).ConfigureAwait(false);
        return part is null ? default : (part.Get(first), part.Get(second), part.Get(third));
    }

    /// <summary>Reads some members of an entity, as of one moment.</summary>
    /// <param name="id">The entity's id.</param>
    /// <param name="members">1 or more members.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The members, or null if there is no entity.</returns>
    /// <exception cref="ArgumentException">There is no member.</exception>
    /// <remarks><c>HMGET</c>, O(N) in the members; if there is none of their fields, a second round trip (<c>MULTI</c>, <c>EXISTS</c>, <c>HMGET</c>) tells whether there is an entity.</remarks>
    public async ValueTask<HashPart<TEntity>?> GetPartAsync(TId id, IReadOnlyCollection<HashMember<TEntity>> members, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0) throw new ArgumentException("No member is named; for the whole entity, use GetAsync.", nameof(members));
        return await ReadPartAsync(id, [.. members], isMissingTold: true, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<HashPart<TEntity>?> ReadPartAsync(TId id, HashMember<TEntity>[] members, bool isMissingTold, CancellationToken cancellationToken)
    {
        string key = Keys.Of(id);
        RedisCommand command = RedisHashes.GetMany(key, [.. members.SelectMany(static member => member.FormerArguments.Prepend(member.Argument))]).Command;
        var reader = new HashPartReader<TEntity>(members);
        try
        {
            byte[]?[]? values = await _redis.ExecuteAsync(command, reader, cancellationToken).ConfigureAwait(false);
            if (values is not null) return new HashPart<TEntity>(key, members, values);
            if (!isMissingTold) return null;
            // No field may also mean no entity. Asked in one step, so that one which is written meanwhile does not look empty.
            var both = new RedisTransaction();
            BatchResult<bool> exists = both.Add(RedisKeys.Exists(key));
            BatchResult<byte[]?[]?> again = both.Add(command, reader);
            _ = await _redis.ExecuteAsync(both, cancellationToken).ConfigureAwait(false);
            return exists.Value ? new HashPart<TEntity>(key, members, again.Value ?? new byte[]?[members.Length]) : null;
        }
        catch (RedisServerException refusal) when (IsWrongType(refusal))
        {
            throw await ExplainAsync(key, refusal, cancellationToken).ConfigureAwait(false);
        }
    }
}
