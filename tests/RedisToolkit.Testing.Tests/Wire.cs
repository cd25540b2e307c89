namespace RedisToolkit.Testing.Tests;

/// <summary>Commands as some user, on a connection of its own.</summary>
internal static class Wire
{
    internal static async Task<CommandReply> ReplyAsync(RedisServer server, string? user, string? password, params string[] command)
    {
        await using var connection = await CommandConnection.OpenAsync(new CommandTarget(server.EndPoint, user, password, null), default);
        return await connection.SendAsync(command, default);
    }

    internal static Task<CommandException> ErrorAsync(RedisServer server, string? user, string? password, params string[] command) =>
        Assert.ThrowsAsync<CommandException>(() => ReplyAsync(server, user, password, command));
}
