using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RedisToolkit.Testing.Tests;

public sealed class FaultProxyTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Bytes_pass_both_ways_and_are_counted()
    {
        await using var pair = await ProxyPair.StartAsync();
        await pair.Client.SendAsync("request"u8.ToArray());
        Assert.Equal("request", await pair.Server.ReadTextAsync(7));
        await pair.Server.SendAsync("reply"u8.ToArray());
        Assert.Equal("reply", await pair.Client.ReadTextAsync(5));
        await Eventually.IsTrueAsync(() => pair.Proxy.ToServer.Bytes == 7 && pair.Proxy.ToClient.Bytes == 5, "7 and 5 bytes are counted");
        Assert.Equal((1, 1), (pair.Proxy.ConnectionsOpen, pair.Proxy.ConnectionsAccepted));
    }

    [Fact]
    public async Task Megabytes_pass_unchanged_in_both_directions_at_once()
    {
        await using var pair = await ProxyPair.StartAsync();
        byte[] up = new byte[8_000_000], down = new byte[9_000_000];
        Random.Shared.NextBytes(up);
        Random.Shared.NextBytes(down);
        var sending = Task.WhenAll(pair.Client.SendAsync(up), pair.Server.SendAsync(down));
        var atServer = pair.Server.ReadAsync(up.Length);
        var atClient = pair.Client.ReadAsync(down.Length);
        await Task.WhenAll(sending, atServer, atClient).WaitAsync(Bound);
        AssertSame(up, await atServer);
        AssertSame(down, await atClient);
    }

    [Fact]
    public async Task An_end_in_order_passes_and_the_other_direction_goes_on()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Client.Shutdown(SocketShutdown.Send);
        await pair.Server.IsEndedAsync();
        await pair.Server.SendAsync("late"u8.ToArray());
        Assert.Equal("late", await pair.Client.ReadTextAsync(4));
        pair.Server.Shutdown(SocketShutdown.Send);
        await pair.Client.IsEndedAsync();
        await pair.Proxy.WaitForNoConnectionsAsync(Bound);
    }

    [Fact]
    public async Task A_reset_passes_as_a_reset()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Server.LingerState = new LingerOption(true, 0);
        pair.Server.Dispose();
        await pair.Client.IsResetAsync();
    }

    [Fact]
    public async Task A_delay_is_kept_by_each_byte_and_pipelined_ones_wait_side_by_side()
    {
        await using var pair = await ProxyPair.StartAsync();
        var delay = TimeSpan.FromSeconds(1);
        pair.Proxy.ToServer.Delay(delay);
        var reading = pair.Server.ReadAsync(20);
        long last = 0;
        for (byte i = 0; i < 20; i++)
        {
            last = Stopwatch.GetTimestamp();
            await pair.Client.SendAsync(new[] { i });
            await Task.Delay(5);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)i), await reading.WaitAsync(Bound));
        Assert.True(Stopwatch.GetElapsedTime(last) >= delay, $"{Stopwatch.GetElapsedTime(last)}");
        // One after another they would take 20 times as long; the bound is generous.
        Assert.True(Stopwatch.GetElapsedTime(last) < delay * 10, $"{Stopwatch.GetElapsedTime(last)}");

        pair.Proxy.ToServer.Delay(TimeSpan.FromMilliseconds(300));
        await pair.Client.SendAsync("slow "u8.ToArray());
        await Task.Delay(20);
        pair.Proxy.ToServer.PassThrough();
        await pair.Client.SendAsync("fast"u8.ToArray());
        Assert.Equal("slow fast", await pair.Server.ReadTextAsync(9)); // never out of order
    }

    [Fact]
    public async Task What_is_delayed_arrives_before_the_end()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Proxy.ToServer.Delay(TimeSpan.FromMilliseconds(50));
        await pair.Client.SendAsync("last words"u8.ToArray());
        pair.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal("last words", await pair.Server.ReadTextAsync(10));
        await pair.Server.IsEndedAsync();
    }

    [Fact]
    public async Task Stalled_bytes_arrive_when_they_are_let_go_and_an_end_too()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Proxy.ToServer.Stall();
        await pair.Client.SendAsync("held"u8.ToArray());
        pair.Client.Shutdown(SocketShutdown.Send);
        await pair.Server.IsSilentAsync();
        await pair.Server.SendAsync("passes"u8.ToArray()); // the other direction
        Assert.Equal("passes", await pair.Client.ReadTextAsync(6));
        Assert.Equal(0, pair.Proxy.ToServer.Bytes);

        pair.Proxy.ToServer.PassThrough();
        Assert.Equal("held", await pair.Server.ReadTextAsync(4));
        await pair.Server.IsEndedAsync();
    }

    [Fact]
    public async Task A_stall_does_not_tell_that_the_other_side_has_reset()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Proxy.Stall();
        pair.Server.LingerState = new LingerOption(true, 0);
        pair.Server.Dispose();
        await pair.Client.IsSilentAsync();
        Assert.Equal(1, pair.Proxy.ConnectionsOpen); // half open
        pair.Proxy.PassThrough();
        await pair.Client.IsResetAsync();
    }

    [Theory]
    [InlineData(0, ConnectionEnd.Close)]
    [InlineData(1, ConnectionEnd.Close)]
    [InlineData(5, ConnectionEnd.Close)]
    [InlineData(5, ConnectionEnd.Reset)]
    [InlineData(200_001, ConnectionEnd.Close)]
    public async Task A_connection_is_cut_after_exactly_so_many_bytes(int bytes, ConnectionEnd how)
    {
        await using var pair = await ProxyPair.StartAsync();
        await pair.Server.SendAsync("before"u8.ToArray()); // does not count
        await pair.Client.ReadTextAsync(6);
        pair.Proxy.ToClient.CutAfter(bytes, how);
        byte[] sent = new byte[bytes + 10];
        Random.Shared.NextBytes(sent);
        var sending = pair.Server.SendAsync(sent);
        byte[] got = await pair.Client.ReadAsync(bytes).WaitAsync(Bound);
        AssertSame(sent[..bytes], got);
        if (how == ConnectionEnd.Close) await pair.Client.IsEndedAsync();
        else await pair.Client.IsResetAsync();
        await sending.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Bound); // it may have been refused; that is the server's matter
        await pair.Proxy.WaitForNoConnectionsAsync(Bound);
        Assert.Equal(6 + bytes, pair.Proxy.ToClient.Bytes);
    }

    [Fact]
    public async Task A_cut_meets_as_many_connections_as_was_said_each_with_its_own_count()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Proxy.ToServer.CutAfter(3, connections: 2);
        for (int i = 0; i < 2; i++)
        {
            var (client, server) = await pair.ConnectAsync();
            using (client)
            using (server)
            {
                await client.SendAsync("abcdef"u8.ToArray());
                Assert.Equal("abc", await server.ReadTextAsync(3));
                await server.IsEndedAsync();
            }
        }

        await pair.Client.SendAsync("abcdef"u8.ToArray());
        Assert.Equal("abcdef", await pair.Server.ReadTextAsync(6));
    }

    [Fact]
    public async Task One_byte_is_flipped_and_its_neighbours_are_not()
    {
        await using var pair = await ProxyPair.StartAsync();
        foreach (int place in new[] { 0, 3, 6 })
        {
            pair.Proxy.ToClient.FlipByteAt(place);
            await pair.Server.SendAsync("abc"u8.ToArray());
            await pair.Client.ReadPeekAsync(3);
            await pair.Server.SendAsync("defg"u8.ToArray());
            byte[] expected = "abcdefg"u8.ToArray();
            expected[place] ^= 0xff;
            Assert.Equal(expected, await pair.Client.ReadAsync(7));
        }

        await pair.Server.SendAsync("abcdefg"u8.ToArray());
        Assert.Equal("abcdefg", await pair.Client.ReadTextAsync(7)); // once only
    }

    [Fact]
    public async Task Single_bytes_arrive_whole_and_in_order()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Proxy.ToClient.SingleBytes();
        byte[] sent = new byte[10_000]; // half a second: long enough for a reader on a busy machine to come in between
        Random.Shared.NextBytes(sent);
        await pair.Server.SendAsync(sent);
        var got = new List<byte>();
        int reads = 0;
        byte[] buffer = new byte[4096];
        while (got.Count < sent.Length)
        {
            int read = await pair.Client.ReceiveAsync(buffer).WaitAsync(Bound);
            got.AddRange(buffer.AsSpan(0, read));
            reads++;
        }

        Assert.Equal(sent, got);
        Assert.True(reads > 4, $"{reads} reads for {sent.Length} single bytes"); // without the fault it is one or two
    }

    [Fact]
    public async Task A_black_hole_swallows_and_keeps_connections_open()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Proxy.BlackHole();
        await pair.Client.SendAsync("lost"u8.ToArray());
        await pair.Server.SendAsync("lost too"u8.ToArray());
        await pair.Server.IsSilentAsync();
        await pair.Client.IsSilentAsync();
        Assert.Equal((0, 0), (pair.Proxy.ToServer.Bytes, pair.Proxy.ToClient.Bytes));

        using var later = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await later.ConnectAsync(pair.Proxy.EndPoint);
        await later.SendAsync("anybody?"u8.ToArray());
        await later.IsSilentAsync();
        await pair.Proxy.WaitForConnectionsAsync(2, Bound);

        pair.Proxy.PassThrough();
        await pair.Client.SendAsync("found"u8.ToArray());
        Assert.Equal("found", await pair.Server.ReadTextAsync(5)); // what was swallowed is gone
    }

    [Fact]
    public async Task Refused_connections_get_the_systems_own_refusal_and_open_ones_go_on()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Proxy.RefuseConnections();
        using (var refused = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            var error = await Assert.ThrowsAsync<SocketException>(() => refused.ConnectAsync(pair.Proxy.EndPoint));
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        }

        await pair.Client.SendAsync("open"u8.ToArray());
        Assert.Equal("open", await pair.Server.ReadTextAsync(4));

        pair.Proxy.AcceptConnections();
        pair.Proxy.AcceptConnections(); // twice is once
        var (client, server) = await pair.ConnectAsync();
        using (client)
        using (server)
        {
            await client.SendAsync("new"u8.ToArray());
            Assert.Equal("new", await server.ReadTextAsync(3));
        }
    }

    [Theory]
    [InlineData(ConnectionEnd.Reset)]
    [InlineData(ConnectionEnd.Close)]
    public async Task All_connections_can_be_dropped(ConnectionEnd how)
    {
        await using var pair = await ProxyPair.StartAsync();
        var (client, server) = await pair.ConnectAsync();
        Assert.Equal(2, await pair.Proxy.DropConnectionsAsync(how));
        Assert.Equal(0, pair.Proxy.ConnectionsOpen);
        foreach (var socket in new[] { pair.Client, pair.Server, client, server })
        {
            if (how == ConnectionEnd.Close) await socket.IsEndedAsync();
            else await socket.IsResetAsync();
        }

        client.Dispose();
        server.Dispose();
        Assert.Equal(0, await pair.Proxy.DropConnectionsAsync(how));
    }

    [Fact]
    public async Task One_direction_can_be_ended_and_the_other_goes_on()
    {
        await using var pair = await ProxyPair.StartAsync();
        pair.Proxy.ToClient.HalfClose();
        await pair.Client.IsEndedAsync();
        await pair.Client.SendAsync("still"u8.ToArray());
        Assert.Equal("still", await pair.Server.ReadTextAsync(5));
        await pair.Server.SendAsync("to nobody"u8.ToArray());
        await pair.Client.SendAsync("alive"u8.ToArray());
        Assert.Equal("alive", await pair.Server.ReadTextAsync(5));
        Assert.Equal(0, pair.Proxy.ToClient.Bytes);
    }

    [Fact]
    public async Task A_server_that_is_down_resets_the_client_but_not_in_silence()
    {
        int nobody = FreePort.Take();
        await using var proxy = await FaultProxy.StartAsync(new IPEndPoint(IPAddress.Loopback, nobody));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await client.ConnectAsync(proxy.EndPoint); // the reset may be there before this returns
            await client.ReceiveAsync(new byte[1]).WaitAsync(Bound);
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        await proxy.WaitForNoConnectionsAsync(Bound);

        proxy.BlackHole();
        using var patient = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await patient.ConnectAsync(proxy.EndPoint);
        await patient.IsSilentAsync();
        Assert.Equal(1, proxy.ConnectionsOpen);
        proxy.PassThrough();
        await patient.IsResetAsync();
        FreePort.Return(nobody);
    }

    [Fact]
    public async Task Waiting_for_connections_has_a_bound_and_says_how_many_there_were()
    {
        await using var pair = await ProxyPair.StartAsync();
        await pair.Proxy.WaitForAcceptedAsync(1, Bound);
        var late = await Assert.ThrowsAsync<TimeoutException>(() => pair.Proxy.WaitForConnectionsAsync(2, TimeSpan.FromMilliseconds(30)));
        Assert.Contains("1 connections open and 1 accepted after 30 ms; 2 open were awaited", late.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TimeoutException>(() => pair.Proxy.WaitForNoConnectionsAsync(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task It_is_disposed_of_at_once_whatever_holds()
    {
        foreach (Action<FaultProxy> hold in new Action<FaultProxy>[]
            { proxy => proxy.Stall(), proxy => proxy.BlackHole(), proxy => proxy.ToServer.Delay(TimeSpan.FromMinutes(1)), proxy => proxy.RefuseConnections() })
        {
            var pair = await ProxyPair.StartAsync();
            hold(pair.Proxy);
            await pair.Client.SendAsync("x"u8.ToArray());
            await pair.Proxy.DisposeAsync().AsTask().WaitAsync(Bound);
            await pair.Client.IsResetAsync();
            Assert.Throws<ObjectDisposedException>(pair.Proxy.AcceptConnections);
            await pair.DisposeAsync();
        }
    }

    [Fact]
    public async Task Wrong_values_are_refused()
    {
        await using var proxy = await FaultProxy.StartAsync(new IPEndPoint(IPAddress.Loopback, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => proxy.ToServer.Delay(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => proxy.ToServer.Delay(TimeSpan.FromHours(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => proxy.ToServer.CutAfter(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => proxy.ToServer.CutAfter(1, (ConnectionEnd)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => proxy.ToServer.FlipByteAt(0, 0));
        await Assert.ThrowsAsync<ArgumentNullException>(() => FaultProxy.StartAsync(null!));
    }

    [Fact]
    public async Task In_front_of_a_real_server_commands_pass_and_a_torn_reply_is_seen()
    {
        await using var server = await RedisServer.StartAsync(new() { Tls = RedisTls.ClientCertificate });
        await using var proxy = await server.StartProxyAsync();
        var target = new CommandTarget(proxy.EndPoint, null, null, server.Certificates!.ClientOptions(server.Certificates.Client));
        await using var connection = await CommandConnection.OpenAsync(target, default);
        Assert.Equal("PONG", (await connection.SendAsync(["PING"], default)).Text);
        proxy.ToClient.CutAfter(4);
        await Assert.ThrowsAnyAsync<IOException>(() => connection.SendAsync(["PING"], default));
    }

    /// <summary>Without a listing of megabytes where it fails.</summary>
    private static void AssertSame(byte[] expected, byte[] actual) => Assert.Equal(-1, FirstDifference(expected, actual));

    private static int FirstDifference(byte[] left, byte[] right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        return common == left.Length && common == right.Length ? -1 : common;
    }
}
