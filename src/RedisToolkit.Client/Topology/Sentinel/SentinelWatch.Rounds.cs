namespace RedisToolkit.Client;

/// <content>Rounds of questions, and what follows from the answers.</content>
internal sealed partial class SentinelWatch
{
    // Whatever they list: each costs a connection.
    private const int MostSentinels = 32;

    /// <summary>Asks the sentinels, or waits for the end of the round that is under way. Does not throw.</summary>
    private Task RefreshAsync()
    {
        lock (_gate)
        {
            if (_round is { IsCompleted: false } underWay) return underWay;
            using (ExecutionContext.SuppressFlow()) return _round = Task.Run(() => RunRoundsAsync(_stopping.Token));
        }
    }

    private async Task RunRoundsAsync(CancellationToken cancellationToken)
    {
        do
        {
            Volatile.Write(ref _another, false);
            SentinelLink[] links = Links();
            List<SentinelAnswer> answers = await AskAsync(links, cancellationToken).ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested) return;
            await LearnAsync(answers).ConfigureAwait(false);
            await DecideAsync(SentinelVerdict.Of(answers, links.Length, Volatile.Read(ref _epoch), _options.ServiceName), cancellationToken).ConfigureAwait(false);
        }
        while (Volatile.Read(ref _another) && !cancellationToken.IsCancellationRequested);
    }

    // Until most of them agree that all is well; else until each has answered, or its time is over.
    private async Task<List<SentinelAnswer>> AskAsync(SentinelLink[] links, CancellationToken cancellationToken)
    {
        List<Task<SentinelAnswer>> asked = [.. links.Select(link => link.AskAsync(_translate, cancellationToken))];
        var answers = new List<SentinelAnswer>();
        while (asked.Count > 0)
        {
            Task<SentinelAnswer> first = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(first);
            answers.Add(await first.ConfigureAwait(false));
            if (IsSettled(answers, links.Length)) break;
        }

        return answers;
    }

    private static bool IsSettled(List<SentinelAnswer> answers, int sentinels)
    {
        SentinelAnswer? known = answers.Find(static answer => answer.Primary is not null);
        return known is not null
            && !answers.Exists(answer => answer.Primary is not null && (answer.IsFailingOver || answer.Epoch != known.Epoch || !answer.Primary.Equals(known.Primary)))
            && answers.Count(static answer => answer.Primary is not null) * 2 > sentinels;
    }

    // Sentinels come and go; those of the options stay, whatever becomes of them.
    private async ValueTask LearnAsync(List<SentinelAnswer> answers)
    {
        SentinelAnswer[] known = [.. answers.Where(static answer => answer.Primary is not null)];
        if (known.Length == 0) return;
        RedisEndpoint[] replicas = [.. known.SelectMany(static answer => answer.Replicas).Distinct()];
        if (replicas.Length > 0) Volatile.Write(ref _replicas, replicas);
        RedisEndpoint[] listed = [.. known.SelectMany(static answer => answer.Others).Distinct()];
        var gone = new List<SentinelLink>();
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return;
            foreach (RedisEndpoint endpoint in listed)
            {
                if (_links.Count < MostSentinels && !_links.ContainsKey(endpoint)) AddLink(endpoint);
            }

            foreach ((RedisEndpoint endpoint, SentinelLink link) in _links.ToArray())
            {
                if (link.IsUp || listed.Contains(endpoint) || _options.Endpoints.Contains(endpoint)) continue;
                _ = _links.Remove(endpoint);
                gone.Add(link);
            }
        }

        foreach (SentinelLink link in gone) await link.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask DecideAsync(SentinelVerdict verdict, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _failure, verdict.Failure);
        if (verdict.Primary is not { } primary) return;
        Promotion? promoted = Volatile.Read(ref _promoted);
        // Once the sentinels have finished, one way or the other, their word counts again.
        if (promoted is not null && (verdict.Epoch > promoted.Epoch || !verdict.IsFailingOver))
        {
            _ = Interlocked.CompareExchange(ref _promoted, null, promoted);
            promoted = null;
        }

        // It takes writes about a second before any sentinel announces it. A server that was a primary before and has come back would
        // say that it is one, too: so none counts but the one that the leader of the failover has chosen.
        if (promoted is null && verdict.Chosen is { } chosen && _node!.IsInDoubt && await IsPrimaryAsync(chosen, cancellationToken).ConfigureAwait(false))
            Volatile.Write(ref _promoted, promoted = new Promotion(chosen, verdict.Epoch));
        Volatile.Write(ref _epoch, verdict.Epoch);
        Follow(promoted?.Endpoint ?? primary, verdict.Epoch);
    }

    private void Follow(RedisEndpoint primary, long epoch)
    {
        RedisEndpoint? before = Volatile.Read(ref _current);
        if (primary.Equals(before)) return;
        Volatile.Write(ref _current, primary);
        if (before is null) return;
        _context.Log.PrimaryChanged(_options.ServiceName, before, primary, epoch);
        // At once, also if it still answers: what it is told from here on will be lost.
        _node!.Leave(connection => Replaced(connection.Endpoint), except: primary);
    }

    private async Task<bool> IsPrimaryAsync(RedisEndpoint replica, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.AnswerTimeout, _context.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            RedisConnection connection = await _opener.OpenAsync(replica, new FixedServer([replica]), prepare: null, ringCapacity: 16, either.Token).ConfigureAwait(false);
            try
            {
                return await PrimaryCheck.RoleAsync(connection, _context, _options.AnswerTimeout, either.Token).ConfigureAwait(false) == "master";
            }
            finally
            {
                connection.Break(new RedisConnectionException(ConnectionFailure.Disposed, replica.ToString(), "It was only asked for its role.", CommandOutcome.Unknown));
            }
        }
        catch (Exception exception) when (exception is RedisException or OperationCanceledException)
        {
            // Then it is none that could be written to.
            return false;
        }
    }
}
