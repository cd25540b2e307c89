using System.Net.Security;
using System.Net.Sockets;

namespace RedisToolkit.Client;

/// <summary>Moves bytes to and from one server. One send and one receive may be under way at the same time.</summary>
internal abstract class Transport
{
    /// <summary>Waits for bytes.</summary>
    /// <returns>How many came; 0 when the server has closed the connection.</returns>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> memory);

    /// <summary>Hands all bytes over to the operating system.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> memory);

    /// <summary>Ends the connection at once; what is under way fails.</summary>
    public abstract void Abort();
}

/// <summary>TCP or a unix socket, not encrypted.</summary>
internal sealed class SocketTransport(Socket socket) : Transport
{
    public override ValueTask<int> ReceiveAsync(Memory<byte> memory) => socket.ReceiveAsync(memory, SocketFlags.None);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> memory)
    {
        ValueTask<int> sending = socket.SendAsync(memory, SocketFlags.None);
        if (!sending.IsCompletedSuccessfully) return FinishAsync(sending, memory);
        int sent = sending.Result;
        return sent == memory.Length ? default : FinishAsync(new ValueTask<int>(sent), memory);
    }

    public override void Abort() => socket.Dispose();

    private async ValueTask FinishAsync(ValueTask<int> sending, ReadOnlyMemory<byte> memory)
    {
        while (true)
        {
            memory = memory[await sending.ConfigureAwait(false)..];
            if (memory.IsEmpty) return;
            sending = socket.SendAsync(memory, SocketFlags.None);
        }
    }
}

/// <summary>TLS over TCP.</summary>
internal sealed class TlsTransport(SslStream stream, Socket socket) : Transport
{
    public override ValueTask<int> ReceiveAsync(Memory<byte> memory) => stream.ReadAsync(memory);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> memory) => stream.WriteAsync(memory);

    public override void Abort() => socket.Dispose();
}
