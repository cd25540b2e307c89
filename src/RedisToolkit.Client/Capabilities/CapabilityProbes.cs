using System.Collections.Concurrent;

namespace RedisToolkit.Client;

/// <summary>
/// Tries what the server can do, once for all who ask, and remembers the answer until a connection is new: then it may be another
/// server, or the same one upgraded.
/// </summary>
/// <param name="clock">The clock by which answers grow old.</param>
/// <param name="generation">Gives a number that rises whenever a connection is new.</param>
/// <param name="send">Sends a probe, whatever the client refuses to its callers.</param>
internal sealed class CapabilityProbes(CoarseClock clock, Func<long> generation, Func<RedisCommand, ValueTask<bool>> send)
{
    // A user's rules may be changed without any connection noticing.
    private static readonly TimeSpan RememberNoPermission = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<RedisCapability, Lazy<Task<Answer>>> _answers = new();

    public async ValueTask<bool> SupportsAsync(RedisCapability capability, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Lazy<Task<Answer>> probe = _answers.GetOrAdd(capability, added => new Lazy<Task<Answer>>(() => ProbeAsync(added)));
            Answer answer;
            try
            {
                answer = await probe.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (probe.Value.IsFaulted)
            {
                // It says nothing about the server, so that the next one who asks tries again.
                Forget(capability, probe);
                throw;
            }

            if (answer.Generation == generation() && clock.Now < answer.Until) return answer.Supported;
            Forget(capability, probe);
        }
    }

    private void Forget(RedisCapability capability, Lazy<Task<Answer>> probe) => _answers.TryRemove(new KeyValuePair<RedisCapability, Lazy<Task<Answer>>>(capability, probe));

    private async Task<Answer> ProbeAsync(RedisCapability capability)
    {
        long asOf = generation();
        long until = long.MaxValue;
        bool supported = true;
        try
        {
            _ = await send(capability.Probe).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (IsUnknown(refusal))
        {
            supported = false;
        }
        catch (RedisServerException refusal) when (refusal.Code == RedisErrorCode.NoPermission)
        {
            supported = !IsAboutCommand(refusal);
            until = clock.DeadlineAfter(RememberNoPermission);
        }
        catch (RedisServerException refusal) when (capability.ShownByItsName || !refusal.IsTransient)
        {
            // Whatever else it refuses, it knows the command. A state of the server (loading, read only) says nothing of its options.
        }
        catch (RedisCommandDisabledException)
        {
            supported = false;
        }

        // As of before it was sent: had the connection been replaced meanwhile, it would be unknown which server answered.
        return new Answer(supported, asOf, until);
    }

    private static bool IsUnknown(RedisServerException refusal) =>
        refusal.ServerMessage.Contains("unknown command", StringComparison.OrdinalIgnoreCase)
        || refusal.ServerMessage.Contains("unknown subcommand", StringComparison.OrdinalIgnoreCase)
        || refusal.ServerMessage.Contains("syntax error", StringComparison.OrdinalIgnoreCase);

    // Redis 7.0: "this user has no permissions to run the 'x' command"; later: "User u has no permissions to run the 'x' command".
    // Of a key or a channel it is said in other words, and then the command itself is allowed.
    private static bool IsAboutCommand(RedisServerException refusal) => refusal.ServerMessage.Contains("to run the", StringComparison.Ordinal);

    private sealed record Answer(bool Supported, long Generation, long Until);
}
