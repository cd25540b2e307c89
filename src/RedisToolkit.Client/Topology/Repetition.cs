namespace RedisToolkit.Client;

/// <summary>Decides whether a command that a broken connection left undone is sent again.</summary>
internal static class Repetition
{
    /// <summary>Says yes, and counts it, if it was certainly not sent, or does no harm when executed twice; never beyond its deadline.</summary>
    public static bool Allows(PendingReply pending, bool wasSent, Exception reason, ConnectionContext context)
    {
        if (pending.IsSettled || pending.Deadline <= context.Clock.Now) return false;
        if (!wasSent) return true;
        // What broke the protocol may be this very reply: asked for again, it would break the next connection.
        bool harmless = reason is RedisConnectionException { Failure: not ConnectionFailure.Protocol };
        if (!pending.Repeatable || !harmless || pending.Repeats >= context.Options.MaxRepeats) return false;
        pending.Repeats++;
        return true;
    }

    /// <summary>Says yes, and counts it, if a command that a server refused with an error that redirects has time left; it was not executed, so it may be any command.</summary>
    public static bool AllowsRedirect(PendingReply pending, ConnectionContext context)
    {
        if (pending.IsSettled || pending.Deadline <= context.Clock.Now) return false;
        pending.Redirects++;
        return true;
    }
}
