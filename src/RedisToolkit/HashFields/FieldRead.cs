using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>One way of reading a hash: by a command where the server keeps the deadlines, else by a script that looks at them.</summary>
/// <param name="name">The command's name.</param>
/// <param name="script">The script that answers in the same shape.</param>
/// <param name="isCounted">Whether the command wants <c>FIELDS</c> and their number before the fields.</param>
internal sealed class FieldRead(string name, LuaScript script, bool isCounted = false)
{
    public static FieldRead Values { get; } = new("HMGET", FieldScripts.Get);

    public static FieldRead All { get; } = new("HGETALL", FieldScripts.All);

    public static FieldRead Count { get; } = new("HLEN", FieldScripts.Count);

    public static FieldRead TimeToLive { get; } = new("HPTTL", FieldScripts.TimeToLive, isCounted: true);

    public RedisCommand Command(in HashKey key, RedisArgument[] fields) =>
        isCounted ? RedisCommand.Create(name, [key.Hash, "FIELDS", fields.Length, .. fields]) : RedisCommand.Create(name, [key.Hash, .. fields]);

    public RedisCommand Script(in HashKey key, in RedisArgument mode, RedisArgument[] fields) => script.Call([key.Hash, key.Deadlines], [mode, .. fields]);
}
