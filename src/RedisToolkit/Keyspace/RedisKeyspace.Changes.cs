using RedisToolkit.Client;

namespace RedisToolkit;

/// <content>Changes to all keys that match a pattern.</content>
public sealed partial class RedisKeyspace
{
    /// <summary>Deletes all keys that match a pattern; the server frees their memory in the background.</summary>
    /// <param name="pattern">Which keys; see <see cref="RedisGlob"/>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; what was deleted is gone. <see cref="KeyspaceOptions.Checkpoint"/> tells where to go on.</param>
    /// <returns>What was done. A key that was created meanwhile may be left.</returns>
    /// <exception cref="ArgumentException">The pattern is empty, or means every key without <see cref="KeyspaceOptions.AllowEveryKey"/>, an option is out of its range, or the checkpoint is of other work.</exception>
    /// <exception cref="InvalidOperationException">The server refused more than <see cref="KeyspaceOptions.MaxFailures"/> keys.</exception>
    /// <exception cref="RedisException">The server stayed out of reach for longer than could be waited.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks><c>SCAN</c>, and <c>UNLINK</c> of <see cref="KeyspaceOptions.BatchSize"/> keys at a time; O(N) in the keys of the database. Redis 4.0, Valkey 7.2.</remarks>
    public Task<KeyspaceResult> DeleteAsync(RedisArgument pattern, KeyspaceOptions? options = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(new KeyAction("deletion", static key => RedisKeys.Delete(key), static keys => RedisKeys.DeleteMany(keys)), pattern, options, cancellationToken);

    /// <summary>Gives all keys that match a pattern a time to live, or takes it away.</summary>
    /// <param name="pattern">Which keys; see <see cref="RedisGlob"/>.</param>
    /// <param name="timeToLive">
    /// A duration, counted from when the server comes to the key; an instant, which deletes the keys if it has passed; or
    /// <see cref="TimeToLive.Forever"/>, by which keys lose the time to live that they have.
    /// </param>
    /// <param name="when">Which of them, by the time to live that they have. With <see cref="TimeToLive.Forever"/> there is no condition.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; what was done stays done.</param>
    /// <returns>What was done. Skipped are keys that were gone, that the condition did not mean, and with <see cref="TimeToLive.Forever"/> those that had no time to live.</returns>
    /// <exception cref="ArgumentException">As for <see cref="DeleteAsync"/>, or no time to live is said, or <see cref="TimeToLive.Unchanged"/>, or a condition with <see cref="TimeToLive.Forever"/>.</exception>
    /// <exception cref="InvalidOperationException">The server refused more than <see cref="KeyspaceOptions.MaxFailures"/> keys.</exception>
    /// <exception cref="RedisException">The server stayed out of reach for longer than could be waited.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks>
    /// <c>SCAN</c>, and <c>PEXPIRE</c>, <c>PEXPIREAT</c> or <c>PERSIST</c> for each key, many in a round trip; O(N) in the keys of the database. Redis 2.8
    /// (with a condition: 7.0), Valkey 7.2. Many keys that expire at the same moment are work for the server at that moment: with a duration and
    /// <see cref="KeyspaceOptions.KeysPerSecond"/> they expire at that rate too.
    /// </remarks>
    public Task<KeyspaceResult> ExpireAsync(
        RedisArgument pattern, TimeToLive timeToLive, ExpireWhen when = ExpireWhen.Always, KeyspaceOptions? options = null, CancellationToken cancellationToken = default)
    {
        _ = timeToLive.Required(nameof(timeToLive), orForever: true, orUnchanged: false);
        string? condition = when.Option(nameof(when));
        if (timeToLive.IsForever && condition is not null)
            throw new ArgumentException($"TimeToLive.Forever takes times to live away, from whatever key has one; the condition {when} has no meaning with it. Leave it out.", nameof(when));
        return ChangeAsync(new KeyAction("expiry", key => timeToLive.ForKey(key, condition)), pattern, options, cancellationToken);
    }

    /// <summary>Gives all keys that match a pattern other names. Each key is renamed in one step of the server's: it is never gone and never there twice, and keeps its time to live.</summary>
    /// <param name="pattern">Which keys; see <see cref="RedisGlob"/>.</param>
    /// <param name="newName">Says each key's new name, such as <see cref="KeyMapping.ReplacePrefix"/>; null leaves the key as it is. It is to give different keys different names.</param>
    /// <param name="conflict">What becomes of a key whose new name is taken.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; what was renamed stays so.</param>
    /// <returns>What was done. In a cluster, a key whose new name is of another slot is among the failures.</returns>
    /// <exception cref="ArgumentException">As for <see cref="DeleteAsync"/>, or a new name matches the pattern: the key would be found and renamed again.</exception>
    /// <exception cref="InvalidOperationException">The server refused more than <see cref="KeyspaceOptions.MaxFailures"/> keys.</exception>
    /// <exception cref="RedisException">The server stayed out of reach for longer than could be waited.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks><c>SCAN</c>, and <c>RENAMENX</c> or <c>RENAME</c> for each key, many in a round trip; O(N) in the keys of the database. Redis 2.8, Valkey 7.2.</remarks>
    public Task<KeyspaceResult> RenameAsync(
        RedisArgument pattern, Func<RedisBytes, RedisArgument?> newName, KeyConflict conflict, KeyspaceOptions? options = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(Mapped("renaming", pattern, newName, conflict, static (key, name, replace) => replace
            ? RedisKeys.Rename(key, name)
            : RedisCommand.Create("RENAMENX", key, name).Returning(Replies.Boolean)), pattern, options, cancellationToken);

    /// <summary>Copies all keys that match a pattern. Each copy is made in one step of the server's and has its key's time to live.</summary>
    /// <param name="pattern">Which keys; see <see cref="RedisGlob"/>.</param>
    /// <param name="newName">Says the name of each key's copy, such as <see cref="KeyMapping.ReplacePrefix"/>; null makes no copy. It is to give different keys different names.</param>
    /// <param name="conflict">What becomes of a key whose copy's name is taken.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; copies that were made stay.</param>
    /// <returns>What was done. In a cluster, a key whose copy would be of another slot is among the failures.</returns>
    /// <exception cref="ArgumentException">As for <see cref="DeleteAsync"/>, or a copy's name matches the pattern: it would be found and copied again.</exception>
    /// <exception cref="InvalidOperationException">The server refused more than <see cref="KeyspaceOptions.MaxFailures"/> keys.</exception>
    /// <exception cref="RedisException">The server stayed out of reach for longer than could be waited.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks><c>SCAN</c>, and <c>COPY</c> for each key, many in a round trip; O(N) in the keys of the database and their elements. Redis 6.2, Valkey 7.2.</remarks>
    public Task<KeyspaceResult> CopyAsync(
        RedisArgument pattern, Func<RedisBytes, RedisArgument?> newName, KeyConflict conflict, KeyspaceOptions? options = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(Mapped("copying", pattern, newName, conflict, static (key, name, replace) => (replace
            ? RedisCommand.Create("COPY", key, name, "REPLACE")
            : RedisCommand.Create("COPY", key, name)).Returning(Replies.Boolean)), pattern, options, cancellationToken);

    private static KeyAction Mapped(
        string name, RedisArgument pattern, Func<RedisBytes, RedisArgument?> newName, KeyConflict conflict, Func<RedisBytes, RedisArgument, bool, RedisCommand<bool>> command)
    {
        ArgumentNullException.ThrowIfNull(newName);
        WorkRange.RequireDefined(conflict, nameof(conflict));
        var matcher = new GlobMatcher(pattern.ToBytes());
        return new KeyAction(name, key =>
        {
            if (newName(key) is not { } other) return null;
            byte[] bytes = other.ToBytes();
            if (matcher.IsMatch(bytes))
            {
                throw new ArgumentException(
                    $"The new name of '{key}' matches the pattern too, so the scan would find it again and again. Choose names that it does not match, or a narrower pattern.", nameof(newName));
            }

            return command(key, bytes, conflict == KeyConflict.Replace);
        });
    }

    private async Task<KeyspaceResult> ChangeAsync(KeyAction action, RedisArgument pattern, KeyspaceOptions? options, CancellationToken cancellationToken) =>
        await new KeyWork(action, pattern, (options ?? new KeyspaceOptions()).Validated(pattern), _time).RunAsync(_redis, cancellationToken).ConfigureAwait(false);
}
