using System.Net;
using System.Net.Sockets;

namespace RedisToolkit.Testing;

/// <summary>A client's connection and the one made to the server for it.</summary>
internal sealed class ProxyConnection(Socket client, FaultDirection toServer, FaultDirection toClient)
{
    // Never disposed: End may come late, and without a timer there is nothing to free.
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _carrying = new();
    private readonly List<FaultDirection> _halfClosed = [];
    private ProxyLane[] _lanes = [];
    private int _how = -1;

    /// <summary>Asks for the connection's end; <see cref="RunAsync"/> then completes.</summary>
    internal void End(ConnectionEnd how)
    {
        if (Interlocked.CompareExchange(ref _how, (int)how, -1) == -1) _ended.Cancel();
    }

    /// <summary>Ends one direction; of a connection whose server is not reached yet, as soon as it is.</summary>
    internal void HalfClose(FaultDirection direction)
    {
        lock (_carrying)
        {
            _halfClosed.Add(direction);
            foreach (var lane in _lanes)
                if (lane.Direction == direction) lane.HalfClose();
        }
    }

    /// <summary>Connects to the server and carries bytes until the connection has ended. Never fails.</summary>
    internal async Task RunAsync(EndPoint target)
    {
        bool unix = target.AddressFamily == AddressFamily.Unix;
        using var server = unix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.NoDelay = true;
            if (!unix) server.NoDelay = true;
            if (await ConnectAsync(server, target).ConfigureAwait(false))
            {
                await Task.WhenAll(Lanes(server).Select(CarryAsync)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // End was called.
        }
        catch (SocketException)
        {
            End(ConnectionEnd.Reset); // the client was gone before anything was done for it
        }
        finally
        {
            var how = _how == (int)ConnectionEnd.Reset ? ConnectionEnd.Reset : ConnectionEnd.Close;
            Close(client, how);
            Close(server, how);
        }
    }

    private ProxyLane[] Lanes(Socket server)
    {
        lock (_carrying)
        {
            _lanes = [new ProxyLane(client, server, toServer), new ProxyLane(server, client, toClient)];
            foreach (var lane in _lanes)
                if (_halfClosed.Contains(lane.Direction)) lane.HalfClose();
            return _lanes;
        }
    }

    private async Task CarryAsync(ProxyLane lane)
    {
        bool ran = false;
        try
        {
            if (await lane.RunAsync(_ended.Token).ConfigureAwait(false) is { } end) End(end);
            ran = true;
        }
        finally
        {
            if (!ran) End(ConnectionEnd.Reset); // one direction alone would go on for ever
        }
    }

    private async Task<bool> ConnectAsync(Socket server, EndPoint target)
    {
        try
        {
            await server.ConnectAsync(target, _ended.Token).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            // The server is down. A silent network does not carry the news.
            while (toClient.Fault is (StallFault or BlackHoleFault) and var silent) await silent.Replaced.WaitAsync(_ended.Token).ConfigureAwait(false);
            End(ConnectionEnd.Reset);
            return false;
        }
    }

    private static void Close(Socket socket, ConnectionEnd how)
    {
        try
        {
            if (how == ConnectionEnd.Reset) socket.LingerState = new LingerOption(enable: true, seconds: 0);
            else if (socket.Connected) socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other side was first.
        }

        socket.Dispose();
    }
}
