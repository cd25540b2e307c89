using System.Buffers;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>Memory that is lent belongs to one reply at a time, and says so when it is asked too late.</summary>
public sealed class PooledBytesTests
{
    [Fact]
    public void Pooled_bytes_hold_a_copy_of_what_was_received()
    {
        byte[] source = [1, 2, 3];
        using PooledBytes pooled = PooledBytes.Copy(source);
        source[0] = 9;
        Assert.False(pooled.IsNull);
        Assert.Equal(3, pooled.Length);
        Assert.Equal([1, 2, 3], pooled.Span.ToArray());
        Assert.Equal([1, 2, 3], pooled.Memory.ToArray());
        Assert.Equal([1, 2, 3], ((IMemoryOwner<byte>)pooled).Memory.ToArray());
    }

    [Fact]
    public void What_was_disposed_is_not_read_again()
    {
        PooledBytes pooled = PooledBytes.Copy("secret"u8);
        PooledBytes copy = pooled;
        pooled.Dispose();
        foreach (PooledBytes late in (PooledBytes[])[pooled, copy])
        {
            Assert.Throws<ObjectDisposedException>(() => late.Length);
            Assert.Throws<ObjectDisposedException>(() => late.Span.Length);
            Assert.Throws<ObjectDisposedException>(() => late.Memory);
            Assert.Throws<ObjectDisposedException>(() => ((IMemoryOwner<byte>)late).Memory);
            Assert.False(late.IsNull);
        }
    }

    [Fact]
    public void Disposing_twice_does_not_take_the_memory_from_its_next_user()
    {
        PooledBytes first = PooledBytes.Copy("first"u8);
        PooledBytes copy = first;
        first.Dispose();
        // One of these gets the first one's place in the pool.
        PooledBytes[] next = [.. Enumerable.Range(0, 10_000).Select(_ => PooledBytes.Copy("next"u8))];
        first.Dispose();
        copy.Dispose();
        foreach (PooledBytes pooled in next) Assert.Equal("next"u8.ToArray(), pooled.Span.ToArray());
        Assert.Throws<ObjectDisposedException>(() => copy.Span.Length);
        foreach (PooledBytes pooled in next) pooled.Dispose();
    }

    [Fact]
    public void An_absent_reply_has_no_bytes_and_may_be_disposed()
    {
        PooledBytes absent = default;
        absent.Dispose();
        absent.Dispose();
        Assert.True(absent.IsNull);
        Assert.Equal(0, absent.Length);
        Assert.True(absent.Span.IsEmpty);
    }

    [Fact]
    public void An_empty_reply_is_not_absent()
    {
        using PooledBytes empty = PooledBytes.Copy([]);
        Assert.False(empty.IsNull);
        Assert.Equal(0, empty.Length);
    }

    [Fact]
    public void Copies_are_equal_and_different_replies_are_not()
    {
        using PooledBytes one = PooledBytes.Copy("a"u8);
        using PooledBytes other = PooledBytes.Copy("a"u8);
        PooledBytes copy = one;
        Assert.True(one == copy && one.Equals((object)copy) && one.GetHashCode() == copy.GetHashCode());
        Assert.True(one != other);
        Assert.Equal(default, default(PooledBytes));
    }

    [Fact]
    public async Task Nobody_sees_somebody_elses_bytes()
    {
        const int Operations = 50_000;
        await Task.WhenAll(Enumerable.Range(1, 8).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            var held = new Queue<(PooledBytes Bytes, byte Mark)>();
            for (int i = 0; i < Operations; i++)
            {
                byte mark = (byte)((worker * 31) + i);
                byte[] content = new byte[random.Next(0, 300)];
                content.AsSpan().Fill(mark);
                held.Enqueue((PooledBytes.Copy(content), mark));
                if (held.Count < 16) continue;
                (PooledBytes bytes, byte own) = held.Dequeue();
                if (bytes.Span.ContainsAnyExcept(own)) Assert.Fail($"worker {worker} held {own} and read another byte");
                bytes.Dispose();
                if (random.Next(2) == 0) bytes.Dispose();
            }
        }))).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_copy_that_outlived_its_memory_never_looks_into_the_next_users()
    {
        using var stop = new CancellationTokenSource();
        PooledBytes shared = PooledBytes.Copy(new byte[64]);
        object gate = new();
        long seen = 0;
        // Readers hold stale copies and look them up for as long as others rent and give back.
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                PooledBytes copy;
                lock (gate) copy = shared;
                for (int i = 0; i < 50; i++)
                {
                    try
                    {
                        // Memory of this very use, however late: its length is its own, and never a mixture of two uses.
                        int length = copy.Length;
                        if (length is not 64) Assert.Fail($"a copy of 64 bytes shows {length}");
                        Interlocked.Increment(ref seen);
                    }
                    catch (ObjectDisposedException)
                    {
                        break;
                    }
                }
            }
        }))];

        for (int i = 0; i < 200_000; i++)
        {
            PooledBytes last = shared;
            PooledBytes next = PooledBytes.Copy(new byte[64]);
            lock (gate) shared = next;
            last.Dispose();
            // Others of another length come and go between.
            PooledBytes.Copy(new byte[200]).Dispose();
        }

        // At the least one look must have met memory that was still its own.
        while (Interlocked.Read(ref seen) == 0) await Task.Yield();
        await stop.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_list_of_pooled_replies_is_given_back_as_a_whole()
    {
        ReplyReader<PooledBytes[]> shape = Replies.ArrayOf(Replies.Pooled);
        var reader = new RespReader("*2\r\n$1\r\na\r\n$-1\r\n"u8);
        PooledBytes[] list = shape.Read(ref reader);
        shape.Discard(list);
        Assert.Throws<ObjectDisposedException>(() => list[0].Length);
        Assert.True(list[1].IsNull);
    }

    [Fact]
    public void Memory_that_a_string_is_received_into_becomes_the_reply()
    {
        object bulk = Replies.Pooled.BeginBulk(5, out Memory<byte> memory)!;
        Assert.Equal(5, memory.Length);
        "hello"u8.CopyTo(memory.Span);
        using PooledBytes reply = Replies.Pooled.EndBulk(bulk);
        Assert.Equal("hello"u8.ToArray(), reply.Span.ToArray());

        byte[]? array = Replies.Bytes.EndBulk(Replies.Bytes.BeginBulk(3, out Memory<byte> into)!);
        "abc"u8.CopyTo(into.Span);
        Assert.Equal("abc"u8.ToArray(), array);
        Assert.Null(Replies.Text.BeginBulk(5, out _));
    }
}
