using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Walks over the keys of one type that match a pattern, page by page.</summary>
internal static class TypedKeyScan
{
    private const int KeysPerStep = 512;
    private static readonly ReplyReader<(string? Cursor, string?[] Keys)> Page = Replies.TupleOf(Replies.Text, Replies.ArrayOf(Replies.Text));

    public static async IAsyncEnumerable<string[]> PagesAsync(IRedisClient redis, string pattern, string type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string cursor = "0";
        do
        {
            RedisCommand step = RedisCommand.Create("SCAN", cursor, "MATCH", pattern, "COUNT", KeysPerStep, "TYPE", type);
            (string? next, string?[] keys) = await redis.ExecuteAsync(step, Page, cancellationToken).ConfigureAwait(false);
            // The server may name a key twice, most often within one page.
            if (keys.Length > 0) yield return [.. keys.OfType<string>().Distinct(StringComparer.Ordinal)];
            cursor = next ?? "0";
        }
        while (cursor != "0");
    }
}
