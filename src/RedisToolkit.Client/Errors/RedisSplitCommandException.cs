namespace RedisToolkit.Client;

/// <summary>
/// A command on many keys of a cluster (<c>MGET</c>, <c>MSET</c>, <c>DEL</c>, <c>UNLINK</c>, <c>EXISTS</c>, <c>TOUCH</c>) was sent as one
/// command for each slot, and some of these failed. The others took effect; what they answered is lost with this.
/// </summary>
public sealed class RedisSplitCommandException : RedisException
{
    internal RedisSplitCommandException(string command, int keys, IReadOnlyList<RedisKeyFailure> failures)
        : base(Describe(command, keys, failures), failures[0].Error)
    {
        Command = command;
        Failures = failures;
        Outcome = failures.All(failure => failure.Error.Outcome == failures[0].Error.Outcome) ? failures[0].Error.Outcome : CommandOutcome.Unknown;
    }

    /// <summary>Gets the command's name.</summary>
    public string Command { get; }

    /// <summary>Gets the keys of the parts that failed, each with its error, in the command's order. <see cref="RedisException.Outcome"/> of each tells what became of it.</summary>
    public IReadOnlyList<RedisKeyFailure> Failures { get; }

    /// <inheritdoc/>
    /// <value>What is known of all keys that failed; <see cref="CommandOutcome.Unknown"/> if it is not the same of all.</value>
    public override CommandOutcome Outcome { get; }

    /// <inheritdoc/>
    public override bool IsTransient => Failures.All(static failure => failure.Error.IsTransient);

    private static string Describe(string command, int keys, IReadOnlyList<RedisKeyFailure> failures) =>
        $"{command} failed for {failures.Count} of {keys} keys, which lie on several nodes of the cluster; for the others it took effect. {nameof(Failures)} tells each key. The first: {failures[0].Error.Message}";
}

/// <summary>A key for which a part of a command failed.</summary>
/// <param name="Key">The key.</param>
/// <param name="Error">Why.</param>
public sealed record RedisKeyFailure(RedisArgument Key, RedisException Error);
