using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RedisToolkit.Testing.Tests;

/// <summary>A proxy with one connection through it, both ends in hand.</summary>
internal sealed class ProxyPair : IAsyncDisposable
{
    private readonly Socket _listener;

    private ProxyPair(Socket listener, FaultProxy proxy) => (_listener, Proxy) = (listener, proxy);

    internal FaultProxy Proxy { get; }

    internal Socket Client { get; private set; } = null!;

    internal Socket Server { get; private set; } = null!;

    internal static async Task<ProxyPair> StartAsync()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var pair = new ProxyPair(listener, await FaultProxy.StartAsync(listener.LocalEndPoint!));
        (pair.Client, pair.Server) = await pair.ConnectAsync();
        return pair;
    }

    internal async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await client.ConnectAsync(Proxy.EndPoint, limit.Token);
        var server = await _listener.AcceptAsync(limit.Token);
        server.NoDelay = true;
        return (client, server);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        await Proxy.DisposeAsync();
        _listener.Dispose();
    }
}

internal static class SocketReads
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    internal static async Task<byte[]> ReadAsync(this Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        using var limit = new CancellationTokenSource(Bound);
        for (int done = 0; done < count;)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(done), limit.Token);
            if (read == 0) Assert.Fail($"The connection ended after {done} of {count} bytes.");
            done += read;
        }

        return bytes;
    }

    internal static async Task<string> ReadTextAsync(this Socket socket, int count) => Encoding.ASCII.GetString(await socket.ReadAsync(count));

    /// <summary>Waits until so many bytes can be read, and leaves them.</summary>
    internal static Task ReadPeekAsync(this Socket socket, int count) => Eventually.IsTrueAsync(() => socket.Available >= count, $"{count} bytes are there");

    /// <summary>Nothing comes, not even the end: watched for a tenth of a second.</summary>
    internal static async Task IsSilentAsync(this Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await socket.ReceiveAsync(new byte[1], limit.Token));
    }

    /// <summary>The next thing that comes is the end, in order.</summary>
    internal static async Task IsEndedAsync(this Socket socket)
    {
        using var limit = new CancellationTokenSource(Bound);
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], limit.Token));
    }

    internal static async Task IsResetAsync(this Socket socket)
    {
        using var limit = new CancellationTokenSource(Bound);
        var error = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[1], limit.Token));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }
}
