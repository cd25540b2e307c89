namespace RedisToolkit.Client;

/// <summary>What must hold for a <see cref="RedisTransaction"/> to be executed. Immutable; may be used in many transactions.</summary>
public sealed class Condition
{
    private Condition(in RedisCommand command, ReplyReader<bool> reply, RedisArgument[] keys, ConditionKind kind)
    {
        Command = command;
        Reply = reply;
        Keys = keys;
        Kind = kind;
    }

    internal RedisCommand Command { get; }

    internal ReplyReader<bool> Reply { get; }

    /// <summary>Gets which of the named conditions it is, for clients that check them in their own way.</summary>
    internal ConditionKind Kind { get; private init; }

    /// <summary>Gets the value that must be there; only of those that compare.</summary>
    internal byte[]? Wanted { get; private init; }

    /// <summary>Gets what is watched from before the check until the transaction was executed.</summary>
    internal RedisArgument[] Keys { get; }

    /// <summary>The key must exist. <c>EXISTS</c>, O(1).</summary>
    /// <param name="key">The key.</param>
    /// <returns>The condition.</returns>
    public static Condition KeyExists(RedisArgument key) => Exists(RedisCommand.Create("EXISTS", key), ConditionKind.KeyExists);

    /// <summary>The key must not exist. <c>EXISTS</c>, O(1).</summary>
    /// <param name="key">The key.</param>
    /// <returns>The condition.</returns>
    public static Condition KeyNotExists(RedisArgument key) => Missing(RedisCommand.Create("EXISTS", key), ConditionKind.KeyNotExists);

    /// <summary>The key must hold this string, byte for byte. <c>GET</c>, O(1).</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The string.</param>
    /// <returns>The condition.</returns>
    public static Condition StringEquals(RedisArgument key, RedisArgument value) => Equal(RedisCommand.Create("GET", key), value, ConditionKind.StringEquals);

    /// <summary>The field of a hash must hold this value, byte for byte. <c>HGET</c>, O(1).</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <param name="value">The value.</param>
    /// <returns>The condition.</returns>
    public static Condition HashEquals(RedisArgument key, RedisArgument field, RedisArgument value) => Equal(RedisCommand.Create("HGET", key, field), value, ConditionKind.HashEquals);

    /// <summary>The hash must have the field. <c>HEXISTS</c>, O(1).</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <returns>The condition.</returns>
    public static Condition HashFieldExists(RedisArgument key, RedisArgument field) => Exists(RedisCommand.Create("HEXISTS", key, field), ConditionKind.HashFieldExists);

    /// <summary>The hash must not have the field, or not exist. <c>HEXISTS</c>, O(1).</summary>
    /// <param name="key">The key of the hash.</param>
    /// <param name="field">The field.</param>
    /// <returns>The condition.</returns>
    public static Condition HashFieldNotExists(RedisArgument key, RedisArgument field) => Missing(RedisCommand.Create("HEXISTS", key, field), ConditionKind.HashFieldNotExists);

    /// <summary>The reply to a command that reads must pass a test.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="command">The command and the shape of its reply. Its keys are watched.</param>
    /// <param name="holds">The test. It runs where replies are read, so it must not block; an exception fails the transaction.</param>
    /// <param name="alsoWatch">Further keys to watch; the only ones if the client does not know where the command has its keys.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="ArgumentException">The command writes or blocks, or there is no key to watch.</exception>
    public static Condition That<T>(RedisCommand<T> command, Func<T, bool> holds, params ReadOnlySpan<RedisArgument> alsoWatch)
    {
        ArgumentNullException.ThrowIfNull(holds);
        RedisCommand check = command.Command;
        CommandInfo info = check.Info;
        if ((info.Flags & (CommandFlags.Write | CommandFlags.ConnectionState)) != 0 || check.Blocks)
            throw new ArgumentException($"A condition only reads, and {check.Name} does not. Add it to the transaction, or read with another command.", nameof(command));
        RedisArgument[] keys = KeysOf(check, alsoWatch);
        if (keys.Length == 0)
            throw new ArgumentException($"There is no key to watch for {check.Name}: pass the keys that it reads as 'alsoWatch'.", nameof(alsoWatch));
        ReplyReader<T> reply = command.Reply;
        return new Condition(check, Replies.From((ref RespReader reader) => Test(ref reader, reply, holds)), keys, ConditionKind.Other);
    }

    private static bool Test<T>(ref RespReader reader, ReplyReader<T> reply, Func<T, bool> holds)
    {
        T value = reply.Read(ref reader);
        try
        {
            return holds(value);
        }
        finally
        {
            reply.Discard(value);
        }
    }

    private static Condition Exists(RedisCommand command, ConditionKind kind) => new(command, Replies.Boolean, KeysOf(command, []), kind);

    private static Condition Missing(RedisCommand command, ConditionKind kind) =>
        new(command, Replies.From(static (ref RespReader reader) => !reader.ReadBoolean()), KeysOf(command, []), kind);

    private static Condition Equal(in RedisCommand command, in RedisArgument value, ConditionKind kind)
    {
        byte[] wanted = value.ToBytes();
        ReplyReader<bool> equals = Replies.From((ref RespReader reader) => !reader.TryReadNull() && reader.ReadSpan().SequenceEqual(wanted));
        return new Condition(command, equals, KeysOf(command, []), kind) { Wanted = wanted };
    }

    private static RedisArgument[] KeysOf(in RedisCommand command, ReadOnlySpan<RedisArgument> more)
    {
        KeyPositions positions = command.Keys;
        var keys = new RedisArgument[positions.Count + more.Length];
        for (int i = 0; i < positions.Count; i++) keys[i] = command.GetArgument(positions[i] - 1);
        more.CopyTo(keys.AsSpan(positions.Count));
        return keys;
    }
}
