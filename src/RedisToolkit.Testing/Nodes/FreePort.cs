using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RedisToolkit.Testing;

/// <summary>
/// Ports for servers. They are taken below the range that the system gives outgoing connections: there a port of a killed server could be taken by some
/// other process's connection before the server is back, or a client that keeps reconnecting could be connected to itself.
/// </summary>
internal static class FreePort
{
    private const int Lowest = 16_000;

    private static readonly ConcurrentDictionary<int, bool> Taken = new();
    private static readonly int Highest = LowestOutgoing() - 1;

    /// <summary>Gives a port that nobody listens on, and that nobody else in this process will be given until it is returned.</summary>
    internal static int Take()
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            int port = Random.Shared.Next(Lowest, Highest + 1);
            if (!Taken.TryAdd(port, true)) continue;
            if (IsFree(port)) return port;
            Taken.TryRemove(port, out _);
        }

        throw new RedisServerStartException($"No free port was found on the loopback address in 1000 tries between {Lowest} and {Highest}.");
    }

    internal static void Return(int port) => Taken.TryRemove(port, out _);

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false; // somebody listens on it
        }
    }

    private static int LowestOutgoing()
    {
        const string Setting = "/proc/sys/net/ipv4/ip_local_port_range";
        const int Usual = 32_768;
        if (!File.Exists(Setting)) return Usual;
        string[] range = File.ReadAllText(Setting).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        // Where the range starts so low that hardly anything is left below it, there is no better place than its middle.
        return range.Length == 2 && int.TryParse(range[0], CultureInfo.InvariantCulture, out int low) && low > Lowest + 4000 ? low : Usual;
    }
}
