namespace RedisToolkit.Client;

/// <summary>
/// Commands that the server executes as one: no other client's command comes in between, and either all of them are executed or
/// none. With <see cref="Require"/>, only if something holds: <c>WATCH</c>, a check, then <c>MULTI</c> … <c>EXEC</c>.
/// </summary>
/// <remarks>
/// Redis does not roll back: a command that fails while it is executed (a value of another type) leaves the others in effect. Without
/// conditions the transaction shares a connection and takes one round trip; with them it has a connection to itself and takes two.
/// In a cluster, all its keys must share a slot. Adding is for one caller at a time; a transaction is executed once.
/// </remarks>
/// <example>
/// <code>
/// var transaction = new RedisTransaction();
/// transaction.Require(Condition.StringEquals("seat:12", "free"));
/// transaction.Add(RedisStrings.Set("seat:12", "Ada"));
/// BatchResult&lt;long&gt; sold = transaction.Add(RedisStrings.Increment("seats:sold"));
/// if (await redis.ExecuteAsync(transaction)) Console.WriteLine($"seat {sold.Value}");
/// </code>
/// </example>
public sealed class RedisTransaction
{
    private readonly CommandList _commands = new("transaction");
    private readonly List<Condition> _conditions = [];
    private readonly List<BatchResult<bool>> _held = [];

    /// <summary>Gets how many commands it has, conditions not counted.</summary>
    public int Count => _commands.Count;

    /// <summary>Gets the results of all commands in the order in which they were added.</summary>
    public IReadOnlyList<BatchResult> Results => _commands.Results;

    internal CommandList Commands => _commands;

    internal IReadOnlyList<Condition> Conditions => _conditions;

    internal IReadOnlyList<BatchResult<bool>> Held => _held;

    /// <summary>Adds a condition: the commands are executed only if it holds, and still holds when they are.</summary>
    /// <param name="condition">The condition.</param>
    /// <returns>Where it will be told, once the transaction was executed, whether the condition held.</returns>
    /// <exception cref="InvalidOperationException">The transaction was executed already.</exception>
    public BatchResult<bool> Require(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        _commands.RequireNotStarted();
        var held = new BatchResult<bool>(condition.Command, condition.Reply);
        _commands.AllowTimeOf(condition.Command);
        _conditions.Add(condition);
        _held.Add(held);
        return held;
    }

    /// <summary>Adds a command.</summary>
    /// <typeparam name="T">What its reply becomes.</typeparam>
    /// <param name="command">The command and the shape of its reply.</param>
    /// <returns>
    /// Where its result will be, once the transaction was executed. If it was not, because a condition did not hold, the result's
    /// error is an <see cref="InvalidOperationException"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The command blocks, or would change the connection for others.</exception>
    /// <exception cref="InvalidOperationException">The transaction was executed already.</exception>
    public BatchResult<T> Add<T>(RedisCommand<T> command) => _commands.Add(command.Command, command.Reply);

    /// <inheritdoc cref="Add{T}(RedisCommand{T})"/>
    /// <param name="command">The command.</param>
    /// <param name="reply">The shape of its reply.</param>
    public BatchResult<T> Add<T>(RedisCommand command, ReplyReader<T> reply) => _commands.Add(command, reply);

    /// <summary>Gives all results that are not there yet the same error.</summary>
    internal void Fail(Exception error)
    {
        CommandList.Fail(_commands.Results, error);
        CommandList.Fail(_held, error);
    }
}
