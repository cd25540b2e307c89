using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>One step of a scan.</summary>
/// <param name="Items">What it gave; may be nothing.</param>
/// <param name="Cursor">Where the next step begins; 0 after the last one, and where the scan begins anew.</param>
/// <param name="ServerId">Which process the cursor is of.</param>
/// <param name="IsLast">Whether the scan is complete with it.</param>
internal readonly record struct ScanStep<T>(T[] Items, ulong Cursor, string? ServerId, bool IsLast);

/// <summary>Follows the cursor of one primary, or of one key, to its end.</summary>
internal static class ScanSteps
{
    /// <param name="primary">Who is asked.</param>
    /// <param name="command">Makes the command of a step from its cursor.</param>
    /// <param name="shape">What is answered.</param>
    /// <param name="from">Where to go on; begins anew if that is a cursor of another process.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<ScanStep<T>> FollowAsync<T>(
        Primary primary, Func<ulong, RedisCommand> command, ReplyReader<ScanReply<T>> shape, ScanPlace from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string? id, ScanReply<T> reply) = await primary.BeginAsync(command(from.Cursor), shape, cancellationToken).ConfigureAwait(false);
        if (from.Cursor != 0 && id != from.ServerId) (id, reply) = await primary.BeginAsync(command(0), shape, cancellationToken).ConfigureAwait(false);
        bool single = reply.Next == 0;
        while (true)
        {
            if (reply.Next != 0)
            {
                yield return new ScanStep<T>(reply.Items, reply.Next, id, IsLast: false);
            }
            else
            {
                // One step is one answer of one process; several may have been answered by several, the server having been started anew.
                string? now = single ? id : await primary.IdentifyAsync(cancellationToken).ConfigureAwait(false);
                yield return new ScanStep<T>(reply.Items, 0, now, now == id);
                if (now == id) yield break;
                (id, reply) = await primary.BeginAsync(command(0), shape, cancellationToken).ConfigureAwait(false);
                single = reply.Next == 0;
                continue;
            }

            reply = await primary.Redis.ExecuteAsync(command(reply.Next), shape, cancellationToken).ConfigureAwait(false);
        }
    }
}
