using System.Globalization;

namespace RedisToolkit.Client;

/// <summary>Makes endpoints of what a cluster's nodes say of each other, in its slot map and in its redirections.</summary>
/// <param name="translate">Turns an address that the cluster announces into one that can be reached from here; null if they are the same.</param>
internal sealed class ClusterAddresses(Func<RedisEndpoint, RedisEndpoint>? translate)
{
    /// <summary>Reads an address.</summary>
    /// <param name="host">A name or an address. A node that does not know it says nothing, or <c>?</c>: then it is where it was asked.</param>
    /// <param name="port">The port.</param>
    /// <param name="asked">The node that said it.</param>
    /// <returns>The endpoint; null if nothing can be made of it.</returns>
    public RedisEndpoint? Read(string? host, long port, RedisEndpoint asked)
    {
        bool isUnknown = string.IsNullOrEmpty(host) || host == "?";
        // On a Unix domain socket there is no host to fall back to; only the node itself can be meant.
        if (isUnknown && asked.UnixSocketPath is not null) return asked;
        if (port is < 1 or > 65_535) return null;
        RedisEndpoint announced;
        try
        {
            announced = new RedisEndpoint(isUnknown ? asked.Host : host!, (int)port);
        }
        catch (ArgumentException)
        {
            // A node in the middle of a change, or a broken one. The other entries of its map may be all right.
            return null;
        }

        if (translate is null || announced == asked) return announced;
        return translate(announced) ?? throw new InvalidOperationException(
            $"RedisClientOptions.AddressTranslation returned null for {announced}. Return the endpoint itself where there is nothing to translate.");
    }

    /// <summary>Reads where an error sends a command: <c>MOVED 3999 host:port</c> and <c>ASK 3999 host:port</c>.</summary>
    /// <param name="error">The error's text.</param>
    /// <param name="asked">The node that said it.</param>
    /// <param name="redirection">The slot and the node.</param>
    /// <returns>False if it is no such error, or nothing can be made of it.</returns>
    public bool TryRead(string error, RedisEndpoint asked, out RedirectTarget redirection)
    {
        redirection = default;
        string[] words = error.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[0] is not (RedisErrorCode.Moved or RedisErrorCode.Ask)) return false;
        if (!int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int slot) || slot >= HashSlot.Count) return false;
        // An IPv6 address has colons too, and comes without brackets.
        int colon = words[2].LastIndexOf(':');
        if (colon < 0 || !int.TryParse(words[2].AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)) return false;
        if (Read(words[2][..colon], port, asked) is not { } target) return false;
        redirection = new RedirectTarget(slot, target, words[0] == RedisErrorCode.Ask);
        return true;
    }
}

/// <summary>Where a node sends a command that it does not serve.</summary>
/// <param name="Slot">The slot, 0 to 16,383.</param>
/// <param name="Target">The node that serves it.</param>
/// <param name="Asks">Whether this holds for the one command only, which <c>ASKING</c> has to precede there.</param>
internal readonly record struct RedirectTarget(int Slot, RedisEndpoint Target, bool Asks);
