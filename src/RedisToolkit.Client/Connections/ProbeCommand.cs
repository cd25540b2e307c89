namespace RedisToolkit.Client;

/// <summary>A command that changes nothing and that every server answers at once, if only with a refusal.</summary>
internal static class ProbeCommand
{
    /// <returns>PING, or what stands in for it where the command map disables it; null if that disables all of them.</returns>
    public static RedisCommand? For(RedisCommandMap map)
    {
        if (map.TryGetName("PING", out _)) return RedisCommand.Create("PING");
        if (map.TryGetName("ECHO", out _)) return RedisCommand.Create("ECHO", string.Empty);
        return map.TryGetName("TIME", out _) ? RedisCommand.Create("TIME") : null;
    }
}
