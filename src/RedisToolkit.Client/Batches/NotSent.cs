namespace RedisToolkit.Client;

/// <summary>Errors of commands that were not sent because something before them failed.</summary>
internal static class NotSent
{
    /// <param name="earlier">What failed; its own outcome is not that of the commands after it.</param>
    /// <param name="what">The commands, and what they waited for.</param>
    public static Exception Because(Exception earlier, string what) => earlier switch
    {
        RedisConnectionException lost => new RedisConnectionException(lost.Failure, lost.Endpoint, $"{what}: {lost.Message}", CommandOutcome.NotSent, lost),
        RedisTimeoutException late => new RedisTimeoutException(what, late.Timeout, CommandOutcome.NotSent, late.Details, late),
        _ => earlier,
    };
}
