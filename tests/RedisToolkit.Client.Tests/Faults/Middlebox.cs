using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RedisToolkit.Client.Tests.Faults;

/// <summary>Stands between a client and a server and understands just enough to fail at a certain command or reply.</summary>
internal sealed class Middlebox : IAsyncDisposable
{
    private readonly EndPoint _server;
    private readonly Func<string, int, Fate> _fate;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, int> _seen = new();
    private readonly Task _accepting;

    /// <param name="server">The server behind it.</param>
    /// <param name="fate">Decides on a command by its name, and how often that was seen before.</param>
    public Middlebox(EndPoint server, Func<string, int, Fate> fate)
    {
        _server = server;
        _fate = fate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public enum Fate
    {
        Pass,
        CutAfterwards,
        DropReply,
        DoubleReply,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Seen(string command) => _seen.GetValueOrDefault(command);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    // One command at a time: read it, ask the server, pass its reply on as fate will have it.
    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient _ = client;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync((IPEndPoint)_server, _stopping.Token);
            var commands = new FrameStream(client.GetStream());
            var replies = new FrameStream(server.GetStream());
            while (await commands.ReadAsync(_stopping.Token) is { } command)
            {
                string name = Encoding.ASCII.GetString(command).Split("\r\n")[2].ToUpperInvariant();
                Fate fate = _fate(name, _seen.AddOrUpdate(name, 1, static (_, n) => n + 1) - 1);
                await server.GetStream().WriteAsync(command, _stopping.Token);
                if (await replies.ReadAsync(_stopping.Token) is not { } reply || fate == Fate.CutAfterwards) return;
                for (int i = fate switch { Fate.DropReply => 0, Fate.DoubleReply => 2, _ => 1 }; i > 0; i--)
                    await client.GetStream().WriteAsync(reply, _stopping.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Either side has gone, or the test is over.
        }
    }

    private sealed class FrameStream(Stream stream)
    {
        private readonly RespScanner _scanner = new(new RespLimits(1 << 24, 32, 1 << 20));
        private byte[] _bytes = new byte[1 << 16];
        private int _length;

        public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                if (_length > 0 && _scanner.TryScan(_bytes.AsSpan(0, _length), out int frame))
                {
                    byte[] whole = _bytes[..frame];
                    _bytes.AsSpan(frame, _length - frame).CopyTo(_bytes);
                    _length -= frame;
                    return whole;
                }

                if (_length == _bytes.Length) Array.Resize(ref _bytes, _length * 2);
                int read = await stream.ReadAsync(_bytes.AsMemory(_length), cancellationToken);
                if (read == 0) return null;
                _length += read;
            }
        }
    }
}
