using System.Net.Security;
using System.Net.Sockets;

namespace RedisToolkit.Benchmarks.Clients;

/// <summary>
/// A socket to the server: the bare loop's way out, and, one command at a time, that of what sets a run up and checks it.
/// </summary>
internal sealed class WireConnection(Stream stream) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private byte[] _buffer = new byte[64 * 1024];

    public Stream Stream => stream;

    /// <exception cref="SocketException">Nothing listens there.</exception>
    public static async Task<WireConnection> ConnectAsync(ServerAddress server, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (!server.Tls) return new WireConnection(stream);

            var encrypted = new SslStream(stream);
            var options = new SslClientAuthenticationOptions { TargetHost = server.Host, CertificateChainPolicy = server.TrustPolicy() };
            await encrypted.AuthenticateAsClientAsync(options, cancellationToken);
            return new WireConnection(encrypted);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends what may be several commands and reads as many replies.</summary>
    /// <returns>The bytes of the last reply, type and line ends included.</returns>
    /// <exception cref="OperationCanceledException">No whole reply within 30 s.</exception>
    public async Task<byte[]> SendAsync(byte[] commands, int replies, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await stream.WriteAsync(commands, patience.Token);
        var filled = 0;
        while (true)
        {
            var received = await stream.ReadAsync(_buffer.AsMemory(filled), patience.Token);
            if (received == 0) throw new EndOfStreamException("The server closed the connection.");
            filled += received;
            while (Wire.ReplyLength(_buffer.AsSpan(0, filled)) is > 0 and var length)
            {
                if (--replies == 0) return _buffer[..length];
                _buffer.AsSpan(length, filled - length).CopyTo(_buffer);
                filled -= length;
            }

            if (filled == _buffer.Length) Array.Resize(ref _buffer, 2 * filled);
        }
    }

    public Task<byte[]> SendAsync(byte[] command, CancellationToken cancellationToken) => SendAsync(command, 1, cancellationToken);

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
