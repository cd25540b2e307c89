using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace RedisToolkit.Testing;

/// <summary>A plain RESP2 connection for steering servers in tests: one command, one reply. Not for measuring.</summary>
internal sealed class CommandConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private CommandConnection(Stream stream) => _stream = stream;

    /// <summary>Connects, encrypts and signs in.</summary>
    internal static async Task<CommandConnection> OpenAsync(CommandTarget target, CancellationToken cancellationToken)
    {
        bool unix = target.EndPoint.AddressFamily == AddressFamily.Unix;
        var socket = unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(target.EndPoint, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (target.Tls is { } tls)
            {
                var encrypted = new SslStream(stream);
                stream = encrypted;
                await encrypted.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
            }

            var connection = new CommandConnection(stream);
            if (target.Password is { } password)
                await connection.SendAsync(target.User is { } user ? ["AUTH", user, password] : ["AUTH", password], cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command and reads its reply.</summary>
    /// <exception cref="CommandException">The whole reply is an error.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    internal async Task<CommandReply> SendAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var command = new MemoryStream();
        command.Write(Encoding.ASCII.GetBytes($"*{arguments.Count}\r\n"));
        foreach (string argument in arguments)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(argument);
            command.Write(Encoding.ASCII.GetBytes($"${bytes.Length}\r\n"));
            command.Write(bytes);
            command.Write("\r\n"u8);
        }

        await _stream.WriteAsync(command.GetBuffer().AsMemory(0, (int)command.Length), cancellationToken).ConfigureAwait(false);
        var reply = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return reply.IsError ? throw new CommandException(reply.Text!) : reply;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<CommandReply> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (line.Length == 0) throw new IOException("The server sent an empty line where a reply begins.");
        byte[] rest = line[1..];
        switch (line[0])
        {
            case (byte)'+' or (byte)':':
                return CommandReply.OfText(rest);
            case (byte)'-':
                return CommandReply.OfText(rest, isError: true);
            case (byte)'$':
                int length = Number(rest);
                if (length < 0) return CommandReply.Null();
                byte[] text = await ReadExactlyAsync(length + 2, cancellationToken).ConfigureAwait(false);
                return CommandReply.OfText(text[..length]);
            case (byte)'*':
                int count = Number(rest);
                if (count < 0) return CommandReply.Null();
                var items = new CommandReply[count];
                for (int i = 0; i < count; i++) items[i] = await ReadAsync(cancellationToken).ConfigureAwait(false);
                return CommandReply.OfItems(items);
            default:
                throw new IOException($"The server sent '{(char)line[0]}' where a RESP2 reply begins. Is it a Redis server, and is TLS on at both ends?");
        }
    }

    private static int Number(byte[] digits) =>
        int.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new IOException($"The server sent the length '{Encoding.ASCII.GetString(digits)}', which is no number.");

    private async Task<byte[]> ReadLineAsync(CancellationToken cancellationToken)
    {
        using var line = new MemoryStream();
        while (true)
        {
            if (_start == _end) await FillAsync(cancellationToken).ConfigureAwait(false);
            int newLine = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            int taken = newLine < 0 ? _end - _start : newLine + 1;
            line.Write(_buffer.AsSpan(_start, taken));
            _start += taken;
            if (newLine >= 0) return line.GetBuffer()[..((int)line.Length - 2)];
        }
    }

    private async Task<byte[]> ReadExactlyAsync(int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            if (_start == _end) await FillAsync(cancellationToken).ConfigureAwait(false);
            int taken = Math.Min(count - done, _end - _start);
            _buffer.AsSpan(_start, taken).CopyTo(bytes.AsSpan(done));
            _start += taken;
            done += taken;
        }

        return bytes;
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await _stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
        if (_end == 0) throw new EndOfStreamException("The server closed the connection before it answered.");
    }
}
