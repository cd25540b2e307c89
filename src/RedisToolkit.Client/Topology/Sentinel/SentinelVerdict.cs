namespace RedisToolkit.Client;

/// <summary>What several sentinels say together.</summary>
/// <param name="Primary">Where the primary is; null if they do not say.</param>
/// <param name="Epoch">The number of the failover that made it the primary.</param>
/// <param name="IsFailingOver">Whether any of those who are right holds that the primary is down, and others agree, or is replacing it.</param>
/// <param name="Chosen">The replica that is to take its place, if a failover is under way; it may not have obeyed yet.</param>
/// <param name="Failure">Why they do not say.</param>
internal sealed record SentinelVerdict(RedisEndpoint? Primary, long Epoch, bool IsFailingOver, RedisEndpoint? Chosen, RedisConnectionException? Failure)
{
    /// <summary>Weighs answers: who knows of the latest failover is right, since the others have missed it; of these, most votes.</summary>
    /// <param name="answers">One of each sentinel that was asked.</param>
    /// <param name="sentinels">How many sentinels there are.</param>
    /// <param name="seen">The latest failover heard of before. Fewer than half of the sentinels cannot undo it: they are the ones who missed it.</param>
    /// <param name="name">The name that was asked for.</param>
    public static SentinelVerdict Of(IReadOnlyList<SentinelAnswer> answers, int sentinels, long seen, string name)
    {
        SentinelAnswer[] known = [.. answers.Where(static answer => answer.Primary is not null)];
        if (known.Length == 0) return new SentinelVerdict(null, 0, false, null, answers.Any(static answer => answer.IsNameUnknown) ? UnknownName(answers, name) : Unreachable(answers, name));
        long latest = known.Max(static answer => answer.Epoch);
        if (latest < seen && known.Length * 2 <= sentinels) return new SentinelVerdict(null, latest, false, null, Outdated(known, sentinels, latest, seen, name));
        IGrouping<RedisEndpoint, SentinelAnswer> right = known.Where(answer => answer.Epoch == latest).GroupBy(static answer => answer.Primary!).OrderByDescending(static votes => votes.Count()).First();
        return new SentinelVerdict(right.Key, latest, right.Any(static answer => answer.IsFailingOver), right.FirstOrDefault(static answer => answer.Chosen is not null)?.Chosen, null);
    }

    private static RedisConnectionException UnknownName(IReadOnlyList<SentinelAnswer> answers, string name)
    {
        IEnumerable<RedisEndpoint> who = answers.Where(static answer => answer.IsNameUnknown).Select(static answer => answer.Sentinel);
        return new RedisConnectionException(
            ConnectionFailure.UnknownService,
            string.Join(", ", who),
            $"The sentinels {string.Join(", ", who)} monitor nothing called '{name}'. Set RedisSentinelOptions.ServiceName to the name behind 'sentinel monitor' in their configuration; SENTINEL MASTERS lists what they have.",
            CommandOutcome.NotSent);
    }

    private static RedisConnectionException Unreachable(IReadOnlyList<SentinelAnswer> answers, string name)
    {
        string reasons = string.Join(" ", answers.Select(static answer => $"[{answer.Sentinel}: {Reason(answer.Failure)}]"));
        return new RedisConnectionException(
            ConnectionFailure.NoSentinel,
            string.Join(", ", answers.Select(static answer => answer.Sentinel)),
            $"None of {answers.Count} sentinels said where '{name}' is: {reasons}",
            CommandOutcome.NotSent,
            answers.FirstOrDefault(static answer => answer.Failure is not null)?.Failure);
    }

    private static RedisConnectionException Outdated(SentinelAnswer[] known, int sentinels, long latest, long seen, string name) => new(
        ConnectionFailure.NotPrimary,
        string.Join(", ", known.Select(static answer => answer.Sentinel)),
        $"Only {known.Length} of {sentinels} sentinels answered, and they have not heard of the latest failover of '{name}' (they are at {latest}, it was number {seen}): what they say is not believed until most of them agree.",
        CommandOutcome.NotSent);

    private static string Reason(Exception? failure) => failure switch
    {
        null => "no answer",
        RedisConnectionException { InnerException: RedisServerException { Code: RedisErrorCode.NoAuth or RedisErrorCode.WrongPassword or RedisErrorCode.NoPermission } refusal } =>
            $"{refusal.ServerMessage} The sentinels have credentials of their own: RedisSentinelOptions.User and Password.",
        RedisServerException { Code: RedisErrorCode.NoAuth or RedisErrorCode.NoPermission } refusal =>
            $"{refusal.ServerMessage} The sentinels have credentials of their own: RedisSentinelOptions.User and Password.",
        RedisException known => known.Message,
        not (OperationCanceledException or TimeoutException) => $"{failure.GetType().Name}: {failure.Message} (RedisClientOptions.AddressTranslation?)",
        _ => "no answer in time (RedisSentinelOptions.ConnectTimeout, AnswerTimeout)",
    };
}
