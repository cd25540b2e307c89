using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RedisToolkit.Testing;

/// <summary>
/// A proxy on a loopback port that passes bytes to a server and back, and at run time delays, holds, tears, cuts, swallows or falsifies them. It does not
/// look into them: any protocol over TCP goes through, TLS too.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int PortAttempts = 10;

    // Ending waits for nobody outside this process; the bound is there against a mistake in it.
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(10);

    private readonly EndPoint _target;
    private readonly ConcurrentDictionary<ProxyConnection, Task> _connections = new();
    private readonly Lock _listening = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _accepted;
    private bool _disposed;

    private FaultProxy(EndPoint target, int port, Socket listener)
    {
        _target = target;
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
        ToServer = new FaultDirection(HalfClose);
        ToClient = new FaultDirection(HalfClose);
        Accept(listener);
    }

    /// <summary>Gets the proxy's own address, the same for all its life.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Gets the proxy's host, <c>127.0.0.1</c>.</summary>
    public string Host => "127.0.0.1";

    /// <summary>Gets the proxy's port.</summary>
    public int Port => EndPoint.Port;

    /// <summary>Gets the direction from the client to the server: requests.</summary>
    public FaultDirection ToServer { get; }

    /// <summary>Gets the direction from the server to the client: replies.</summary>
    public FaultDirection ToClient { get; }

    /// <summary>Gets how many connections have been accepted since the start.</summary>
    public long ConnectionsAccepted => Interlocked.Read(ref _accepted);

    /// <summary>Gets how many connections are open.</summary>
    public int ConnectionsOpen => _connections.Count;

    /// <summary>Starts a proxy for a server.</summary>
    /// <param name="target">The server's address: IP, name or unix socket. Nobody need listen there yet.</param>
    /// <param name="cancellationToken">Checked before the start.</param>
    /// <exception cref="IOException">No free port could be listened on.</exception>
    public static Task<FaultProxy> StartAsync(EndPoint target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        cancellationToken.ThrowIfCancellationRequested();
        for (int attempt = 1; ; attempt++)
        {
            int port = FreePort.Take();
            try
            {
                return Task.FromResult(new FaultProxy(target, port, Listen(port)));
            }
            catch (SocketException taken)
            {
                FreePort.Return(port);
                if (attempt == PortAttempts) throw new IOException($"The proxy found no port to listen on in {PortAttempts} attempts.", taken);
            }
        }
    }

    /// <summary>Takes all faults back: both directions pass, and connections are accepted.</summary>
    public void PassThrough()
    {
        AcceptConnections();
        ToServer.PassThrough();
        ToClient.PassThrough();
    }

    /// <summary>Holds both directions until <see cref="PassThrough"/>; see <see cref="FaultDirection.Stall"/>.</summary>
    public void Stall()
    {
        ToServer.Stall();
        ToClient.Stall();
    }

    /// <summary>Swallows both directions; new connections are accepted and never answered. See <see cref="FaultDirection.BlackHole"/>.</summary>
    public void BlackHole()
    {
        ToServer.BlackHole();
        ToClient.BlackHole();
    }

    /// <summary>Refuses new connections, as a host does where nobody listens; open ones go on.</summary>
    public void RefuseConnections()
    {
        lock (_listening)
        {
            Interlocked.Exchange(ref _listener, null)?.Dispose();
        }
    }

    /// <summary>Accepts new connections again after <see cref="RefuseConnections"/>.</summary>
    /// <exception cref="SocketException">Another process listens on the port now.</exception>
    public void AcceptConnections()
    {
        lock (_listening)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_listener is null) Accept(Listen(Port));
        }
    }

    /// <summary>Ends all connections that are open now, and waits until they are closed.</summary>
    /// <param name="how">How both sides of each end.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> DropConnectionsAsync(ConnectionEnd how = ConnectionEnd.Reset)
    {
        if (!Enum.IsDefined(how)) throw new ArgumentOutOfRangeException(nameof(how), how, "how is neither Close nor Reset.");
        var open = _connections.ToArray();
        foreach (var (connection, _) in open) connection.End(how);
        await Task.WhenAll(open.Select(entry => entry.Value)).WaitAsync(EndBound).ConfigureAwait(false);
        return open.Length;
    }

    /// <summary>Waits until at least so many connections are open.</summary>
    /// <param name="count">0 or more.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">There were fewer all that time.</exception>
    public Task WaitForConnectionsAsync(int count, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitAsync(() => ConnectionsOpen >= count, $"{count} open", timeout, cancellationToken);

    /// <summary>Waits until at least so many connections have been accepted since the start, whether or not they are still open.</summary>
    /// <param name="count">0 or more.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">There were fewer by then.</exception>
    public Task WaitForAcceptedAsync(long count, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitAsync(() => ConnectionsAccepted >= count, $"{count} accepted", timeout, cancellationToken);

    /// <summary>Waits until no connection is open.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">There was one all that time.</exception>
    public Task WaitForNoConnectionsAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitAsync(() => ConnectionsOpen == 0, "none open", timeout, cancellationToken);

    /// <summary>Resets all connections and listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_listening)
        {
            if (_disposed) return;
            _disposed = true;
        }

        RefuseConnections();
        await _accepting.WaitAsync(EndBound).ConfigureAwait(false);
        await DropConnectionsAsync().ConfigureAwait(false);
        FreePort.Return(Port);
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Accept(Socket listener)
    {
        _listener = listener;
        _accepting = Task.WhenAll(_accepting, AcceptAllAsync(listener));
    }

    private async Task AcceptAllAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return; // connections are refused from now on
            }
            catch (SocketException)
            {
                if (!ReferenceEquals(listener, Volatile.Read(ref _listener))) return;
                await Task.Delay(1).ConfigureAwait(false); // a client went away while it was accepted, or this process is out of descriptors
                continue;
            }

            var connection = new ProxyConnection(client, ToServer, ToClient);
            // Counted before it runs, so that who sees it open can drop it.
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _connections[connection] = CarryAsync(connection, started.Task);
            Interlocked.Increment(ref _accepted);
            started.SetResult();
        }
    }

    private async Task CarryAsync(ProxyConnection connection, Task started)
    {
        await started.ConfigureAwait(false);
        await connection.RunAsync(_target).ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
    }

    private void HalfClose(FaultDirection direction)
    {
        foreach (var connection in _connections.Keys) connection.HalfClose(direction);
    }

    private async Task WaitAsync(Func<bool> condition, string wanted, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = new Deadline(timeout);
        while (!condition())
        {
            if (deadline.IsOver)
            {
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The proxy on port {Port} has {ConnectionsOpen} connections open and {ConnectionsAccepted} accepted after {timeout.TotalMilliseconds:0} ms; {wanted} were awaited."));
            }

            await Task.Delay(2, cancellationToken).ConfigureAwait(false);
        }
    }
}
