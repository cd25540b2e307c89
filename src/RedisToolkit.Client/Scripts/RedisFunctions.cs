namespace RedisToolkit.Client;

/// <summary>Commands on functions, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
public static class RedisFunctions
{
    private static readonly CommandHeader CallHeader = CommandHeader.Of("FCALL");
    private static readonly CommandHeader CallReadOnlyHeader = CommandHeader.Of("FCALL_RO");
    private static readonly RedisArgument LoadWord = "LOAD";
    private static readonly RedisArgument ReplaceWord = "REPLACE";
    private static readonly CommandHeader LoadHeader = CommandHeader.Of("FUNCTION", [LoadWord]);

    /// <summary>Calls a function.</summary>
    /// <param name="function">The function's name, as its library registered it.</param>
    /// <param name="keys">The keys that it touches, all of them.</param>
    /// <param name="arguments">What else it is told.</param>
    /// <returns>The command. <c>FCALL</c>, as costly as the function; Redis 7.0, Valkey 7.2.</returns>
    public static RedisCommand Call(RedisArgument function, ReadOnlySpan<RedisArgument> keys, ReadOnlySpan<RedisArgument> arguments) =>
        Make(CallHeader, function, keys, arguments);

    /// <summary>Calls a function that was registered with the flag <c>no-writes</c>. Sent again after a lost connection, like every command that reads.</summary>
    /// <param name="function">The function's name, as its library registered it.</param>
    /// <param name="keys">The keys that it reads, all of them.</param>
    /// <param name="arguments">What else it is told.</param>
    /// <returns>The command. <c>FCALL_RO</c>, as costly as the function; Redis 7.0, Valkey 7.2.</returns>
    public static RedisCommand CallReadOnly(RedisArgument function, ReadOnlySpan<RedisArgument> keys, ReadOnlySpan<RedisArgument> arguments) =>
        Make(CallReadOnlyHeader, function, keys, arguments);

    /// <summary>Loads a library.</summary>
    /// <param name="library">The library.</param>
    /// <param name="replace">Whether to take the place of one with the same name; else that is an error.</param>
    /// <returns>The command; its reply is the library's name. <c>FUNCTION LOAD</c>, O(1); Redis 7.0, Valkey 7.2.</returns>
    public static RedisCommand<string?> Load(RedisFunctionLibrary library, bool replace = true)
    {
        ArgumentNullException.ThrowIfNull(library);
        // With REPLACE, loading twice does the same as once.
        return replace
            ? new RedisCommand(LoadHeader, LoadWord, ReplaceWord, library.Code).SafeToRepeat().Returning(Replies.Text)
            : new RedisCommand(LoadHeader, LoadWord, library.Code).Returning(Replies.Text);
    }

    private static RedisCommand Make(CommandHeader header, in RedisArgument function, ReadOnlySpan<RedisArgument> keys, ReadOnlySpan<RedisArgument> arguments) =>
        new(header, [function, keys.Length], keys, arguments);
}
