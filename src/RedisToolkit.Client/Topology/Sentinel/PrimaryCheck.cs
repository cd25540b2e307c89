namespace RedisToolkit.Client;

/// <summary>Asks a server itself whether it is a primary: sentinels may be late, and an address may have become another server's.</summary>
internal static class PrimaryCheck
{
    private static readonly RedisCommand Role = RedisCommand.Create("ROLE");

    // Further elements follow, which differ by role.
    private static ReplyReader<string?> FirstWord { get; } = Replies.From(static (ref RespReader reader) =>
    {
        string? word = null;
        int count = reader.ReadArrayHeader();
        for (int i = 0; i < count; i++)
        {
            if (i == 0) word = reader.ReadText();
            else reader.Skip();
        }

        return word;
    });

    /// <returns><c>master</c>, <c>slave</c> or <c>sentinel</c>, in the server's words.</returns>
    /// <exception cref="RedisException">It did not say.</exception>
    public static async Task<string> RoleAsync(RedisConnection connection, ConnectionContext context, TimeSpan patience, CancellationToken cancellationToken) =>
        await new ConnectionCommands(connection, context).ExecuteAsync(Role.WithTimeout(patience), FirstWord, cancellationToken).ConfigureAwait(false) ?? string.Empty;

    public static RedisConnectionException NotPrimary(RedisEndpoint endpoint, string role) => new(
        ConnectionFailure.NotPrimary,
        endpoint.ToString(),
        $"{endpoint} is not the primary: it says that it is a {(role == "slave" ? "replica" : role)}. The sentinels are asked again.",
        CommandOutcome.NotSent);
}
