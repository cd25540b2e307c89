using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>What is done with each key.</summary>
/// <param name="Name">What it is called in checkpoints.</param>
/// <param name="Command">Makes the command; its reply is false if there was nothing to do. Null skips the key.</param>
/// <param name="Together">The same for many keys in one command that counts what it changed; null if there is none.</param>
internal sealed record KeyAction(string Name, Func<RedisBytes, RedisCommand<bool>?> Command, Func<RedisArgument[], RedisCommand<long>>? Together = null);
