using System.Globalization;

namespace RedisToolkit.Client;

/// <summary>What one sentinel says of the primary, or why it says nothing.</summary>
internal sealed record SentinelAnswer(RedisEndpoint Sentinel)
{
    /// <summary>Gets where it says the primary is; null if it does not know the name, or did not answer.</summary>
    public RedisEndpoint? Primary { get; init; }

    /// <summary>Gets the number of the failover that made it the primary: whoever knows of a later one is right.</summary>
    public long Epoch { get; init; }

    /// <summary>Gets a value indicating whether it holds that the primary is down, and others agree, or is replacing it.</summary>
    public bool IsFailingOver { get; init; }

    /// <summary>Gets the replica that it has chosen as the next primary, if it leads a failover that is not finished; it may not have obeyed yet.</summary>
    public RedisEndpoint? Chosen { get; init; }

    public IReadOnlyList<RedisEndpoint> Replicas { get; init; } = [];

    /// <summary>Gets the other sentinels that it knows.</summary>
    public IReadOnlyList<RedisEndpoint> Others { get; init; } = [];

    /// <summary>Gets a value indicating whether it answered that it monitors nothing of that name.</summary>
    public bool IsNameUnknown { get; init; }

    /// <summary>Gets why it did not answer.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Asks a sentinel all that is to be known of a primary, in one round trip.</summary>
    /// <exception cref="RedisException">It did not answer, or refused to.</exception>
    public static async Task<SentinelAnswer> AskAsync(RedisConnection connection, ConnectionContext context, string name, Func<RedisEndpoint, RedisEndpoint> translate, CancellationToken cancellationToken)
    {
        var send = new ConnectionCommands(connection, context);
        var answer = new SentinelAnswer(connection.Endpoint);
        // The one that leads a failover names the new primary here first, before it says so anywhere else.
        Task<string?[]?> address = send.ExecuteAsync(RedisCommand.Create("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name), Address, cancellationToken).AsTask();
        Task<Dictionary<string, string?>> primary = send.ExecuteAsync(RedisCommand.Create("SENTINEL", "MASTER", name), Fields, cancellationToken).AsTask();
        Task<Dictionary<string, string?>[]> replicas = send.ExecuteAsync(RedisCommand.Create("SENTINEL", "REPLICAS", name), Replies.ArrayOf(Fields), cancellationToken).AsTask();
        Task<Dictionary<string, string?>[]> others = send.ExecuteAsync(RedisCommand.Create("SENTINEL", "SENTINELS", name), Replies.ArrayOf(Fields), cancellationToken).AsTask();
        await Task.WhenAll(address, primary, replicas, others).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        string?[]? named = await address.ConfigureAwait(false);
        if (named is null) return answer with { IsNameUnknown = true };
        if (named is not [{ } host, { } port] || !TryEndpoint(host, port, out RedisEndpoint? endpoint))
            throw new RedisReplyException($"The sentinel {connection.Endpoint} named a primary that is no address.");
        Dictionary<string, string?> fields = await primary.ConfigureAwait(false);
        string flags = fields.GetValueOrDefault("flags") ?? string.Empty;
        return answer with
        {
            Primary = translate(endpoint),
            Epoch = long.TryParse(fields.GetValueOrDefault("config-epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out long epoch) ? epoch : 0,
            IsFailingOver = flags.Contains("o_down", StringComparison.Ordinal) || flags.Contains("failover_in_progress", StringComparison.Ordinal),
            Replicas = Endpoints(await replicas.ConfigureAwait(false), translate),
            Chosen = flags.Contains("failover_in_progress", StringComparison.Ordinal)
                ? Endpoints([.. (await replicas.ConfigureAwait(false)).Where(static entry => entry.GetValueOrDefault("flags")?.Contains("promoted", StringComparison.Ordinal) == true)], translate).FirstOrDefault()
                : null,
            Others = Endpoints(await others.ConfigureAwait(false), translate),
        };
    }

    private static ReplyReader<string?[]?> Address { get; } = Replies.OrNull(Replies.ArrayOf(Replies.Text));

    private static ReplyReader<Dictionary<string, string?>> Fields { get; } = Replies.MapOf(Replies.Text, Replies.Text);

    private static List<RedisEndpoint> Endpoints(Dictionary<string, string?>[] entries, Func<RedisEndpoint, RedisEndpoint> translate)
    {
        var endpoints = new List<RedisEndpoint>();
        foreach (Dictionary<string, string?> entry in entries)
        {
            if (TryEndpoint(entry.GetValueOrDefault("ip"), entry.GetValueOrDefault("port"), out RedisEndpoint? endpoint)) endpoints.Add(translate(endpoint));
        }

        return endpoints;
    }

    private static bool TryEndpoint(string? host, string? port, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RedisEndpoint? endpoint)
    {
        endpoint = null;
        if (host is null || !int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return false;
        return RedisEndpoint.TryParse(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host, number is > 0 and <= 65535 ? number : 0, out endpoint);
    }
}
