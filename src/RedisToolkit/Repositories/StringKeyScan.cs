using System.Runtime.CompilerServices;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Walks over the keys of strings that match a pattern, page by page.</summary>
internal static class StringKeyScan
{
    private const int KeysPerStep = 512;

    public static async IAsyncEnumerable<string[]> StringsAsync(IRedisClient redis, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scan = new KeyScan { Match = pattern, Type = "string", Count = KeysPerStep };
        await foreach (KeyPage page in KeyPages.ReadAsync(redis, scan, default, cancellationToken).ConfigureAwait(false))
        {
            // A key that is no text is none of these: their names were text.
            string[] keys = [.. page.Keys.Select(static key => key.TryGetText(out string? text) ? text : null).OfType<string>()];
            if (keys.Length > 0) yield return keys;
        }
    }
}
