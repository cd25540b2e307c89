using System.Net.Sockets;

namespace RedisToolkit.Client;

/// <summary>Asks the operating system to notice a peer that has gone without a word.</summary>
internal static class SocketKeepAlive
{
    // TCP_USER_TIMEOUT (RFC 5482) has no name in .NET; 18 is its number on Linux.
    private const int LinuxTcpUserTimeout = 18;

    /// <summary>Sets what this system knows. Keep-alive probes cover an idle connection; they do not run while sent bytes are unacknowledged, which the user timeout covers.</summary>
    public static void Apply(Socket socket, RedisClientOptions options)
    {
        TimeSpan patience = options.TcpUserTimeout ?? options.HeartbeatInterval + options.HeartbeatTimeout;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds(options.HeartbeatInterval));
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Seconds(patience));
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxTcpUserTimeout, BitConverter.GetBytes((int)patience.TotalMilliseconds));
        }
        catch (SocketException)
        {
            // A system without these options still has the heartbeat, which works on every one.
        }
    }

    private static int Seconds(TimeSpan time) => Math.Clamp((int)Math.Ceiling(time.TotalSeconds), 1, 100);
}
