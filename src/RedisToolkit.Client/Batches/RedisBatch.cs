namespace RedisToolkit.Client;

/// <summary>
/// Commands that leave in one write and whose replies are awaited together: one round trip instead of many. They are executed in
/// the order in which they were added, but not as one: other clients' commands may come in between, and one that fails does not
/// stop those after it. For all or nothing, use a <see cref="RedisTransaction"/>.
/// </summary>
/// <remarks>
/// Adding is for one caller at a time; a batch is executed once. More than 1,024 commands, or 256 KiB, go in several parts, each when
/// the one before has been answered, so that other callers are not held up and a lost connection leaves only a first part executed.
/// </remarks>
/// <example>
/// <code>
/// var batch = new RedisBatch();
/// BatchResult&lt;string?&gt; name = batch.Add(RedisStrings.Get("name"));
/// BatchResult&lt;long&gt; visits = batch.Add(RedisStrings.Increment("visits"));
/// await redis.ExecuteAsync(batch);
/// Console.WriteLine($"{name.Value}: {visits.Value}");
/// </code>
/// </example>
public sealed class RedisBatch
{
    private readonly CommandList _commands = new("batch");

    /// <summary>Gets how many commands it has.</summary>
    public int Count => _commands.Count;

    /// <summary>Gets the results of all commands in the order in which they were added.</summary>
    public IReadOnlyList<BatchResult> Results => _commands.Results;

    internal CommandList Commands => _commands;

    /// <summary>Adds a command.</summary>
    /// <typeparam name="T">What its reply becomes.</typeparam>
    /// <param name="command">The command and the shape of its reply.</param>
    /// <returns>Where its result will be, once the batch was executed.</returns>
    /// <exception cref="ArgumentException">The command blocks, or would change the connection for others.</exception>
    /// <exception cref="InvalidOperationException">The batch was executed already.</exception>
    public BatchResult<T> Add<T>(RedisCommand<T> command) => _commands.Add(command.Command, command.Reply);

    /// <summary>Adds a command.</summary>
    /// <typeparam name="T">What its reply becomes.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="reply">The shape of its reply.</param>
    /// <returns>Where its result will be, once the batch was executed.</returns>
    /// <exception cref="ArgumentException">The command blocks, or would change the connection for others.</exception>
    /// <exception cref="InvalidOperationException">The batch was executed already.</exception>
    public BatchResult<T> Add<T>(RedisCommand command, ReplyReader<T> reply) => _commands.Add(command, reply);
}
