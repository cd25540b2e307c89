using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>
/// What StackExchange.Redis is asked to do for one command. Any command goes through its <c>ExecuteAsync</c>, which looks the name up and
/// boxes every argument; the two commonest, a plain GET and a plain SET, go through methods of their own, which cost half of that.
/// </summary>
internal readonly struct Call
{
    private static readonly CommandHeader Get = CommandHeader.Of("GET");
    private static readonly CommandHeader Set = CommandHeader.Of("SET");
    private readonly object[]? _parts;
    private readonly Ser.RedisKey _key;
    private readonly Ser.RedisValue _value;
    private readonly bool _isGet;

    /// <summary>Takes a command apart.</summary>
    /// <exception cref="ArgumentException">An argument cannot be sent.</exception>
    public Call(in RedisCommand command, int mostBytes)
    {
        if (command.ArgumentCount == 1 && ReferenceEquals(command.Header, Get))
        {
            _isGet = true;
            _key = CommandParts.Key(command.GetArgument(0), mostBytes);
        }
        else if (command.ArgumentCount == 2 && ReferenceEquals(command.Header, Set))
        {
            _key = CommandParts.Key(command.GetArgument(0), mostBytes);
            _value = CommandParts.Value(command.GetArgument(1), mostBytes);
        }
        else
        {
            _parts = CommandParts.Of(command, mostBytes);
        }
    }

    /// <summary>Begins it.</summary>
    public Task Begin(Ser.IDatabase database, string name)
    {
        if (_parts is not null) return database.ExecuteAsync(name, _parts, Ser.CommandFlags.None);
        return _isGet
            ? database.StringGetAsync(_key, Ser.CommandFlags.None)
            : database.StringSetAsync(_key, _value, null, Ser.When.Always, Ser.CommandFlags.None);
    }

    /// <summary>Reads what it came to.</summary>
    /// <param name="task">What <see cref="Begin"/> returned, once it has ended well.</param>
    /// <param name="reader">The shape of the reply.</param>
    public T Read<T>(Task task, ReplyReader<T> reader)
    {
        if (_parts is not null) return ReplyReading.Read(Ended.ValueOf((Task<Ser.RedisResult>)task), reader);
        return _isGet
            ? ReplyReading.Read(Ended.ValueOf((Task<Ser.RedisValue>)task), reader)
            : ReplyReading.Read(Ended.ValueOf((Task<bool>)task), reader);
    }
}
