using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Walks over the keys of one type that match a pattern, page by page.</summary>
internal static class TypedKeyScan
{
    private const int KeysPerStep = 512;

    public static async IAsyncEnumerable<string[]> PagesAsync(IRedisClient redis, string pattern, string type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scan = new KeyScan { Match = pattern, Type = type, Count = KeysPerStep };
        await foreach (KeyPage page in KeyPages.ReadAsync(redis, scan, default, cancellationToken).ConfigureAwait(false))
        {
            // A key that is no text is none of these: their names were text.
            string[] keys = [.. page.Keys.Select(static key => key.TryGetText(out string? text) ? text : null).OfType<string>()];
            if (keys.Length > 0) yield return keys;
        }
    }
}
