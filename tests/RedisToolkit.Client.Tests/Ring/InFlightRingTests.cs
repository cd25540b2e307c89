namespace RedisToolkit.Client.Tests.Ring;

/// <summary>Commands leave the ring in the order in which they entered it, each once.</summary>
public sealed class InFlightRingTests
{
    private static readonly TimeSpan NoHang = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_ring_gives_each_reply_to_the_oldest_command_that_has_none()
    {
        var ring = new InFlightRing(4);
        Assert.Null(ring.Next);
        ProbeReply[] probes = [.. Enumerable.Range(0, 4).Select(i => new ProbeReply(i))];
        foreach (ProbeReply probe in probes) ring.Add(probe);
        Assert.Equal((4, 4, 0), (ring.Count, ring.Unanswered, ring.Answered));
        Assert.False(ring.TryTakeAnswered(out _));
        foreach (ProbeReply probe in probes)
        {
            Assert.Same(probe, ring.Next);
            ring.MarkRead();
        }

        Assert.Null(ring.Next);
        Assert.False(ring.HasAnswered);
        ring.Publish();
        Assert.Equal((4, 0, 4), (ring.Count, ring.Unanswered, ring.Answered));
        foreach (ProbeReply probe in probes)
        {
            Assert.True(ring.TryTakeAnswered(out PendingReply? taken));
            Assert.Same(probe, taken);
        }

        Assert.Equal(0, ring.Count);
    }

    [Fact]
    public void What_is_abandoned_fails_in_order_or_is_passed_on()
    {
        var ring = new InFlightRing(8);
        ProbeReply[] probes = [.. Enumerable.Range(0, 6).Select(i => new ProbeReply(i))];
        foreach (ProbeReply probe in probes) ring.Add(probe);
        ring.MarkRead();
        ring.Publish();
        // Read, and not to be handed out yet: its reply is in doubt.
        ring.MarkRead();
        var failed = new List<long>();
        ring.Abandon(pending =>
        {
            failed.Add(((ProbeReply)pending).Number);
            return ((ProbeReply)pending).Number % 2 == 1;
        });
        Assert.Equal([1L, 2, 3, 4, 5], failed);
        var left = new List<long?>();
        while (ring.TryTakeAnswered(out PendingReply? pending)) left.Add((pending as ProbeReply)?.Number);
        Assert.Equal([0L, 1, null, 3, null, 5], left);
        Assert.Equal(0, ring.Count);
    }

    [Fact]
    public void Only_what_is_out_of_time_and_unanswered_expires_and_it_keeps_its_place()
    {
        var ring = new InFlightRing(8);
        ProbeReply answered = new(0, deadline: 5), late = new(1, deadline: 10), early = new(2, deadline: 100), left = new(3, deadline: 10);
        foreach (ProbeReply probe in (ProbeReply[])[answered, late, early, left]) ring.Add(probe);
        ring.MarkRead();
        ring.Publish();
        left.Leave();
        int described = 0;
        ring.Expire(10, _ =>
        {
            described++;
            return new TimeoutException();
        });
        Assert.Equal(1, described);
        Assert.Equal((false, true, false), (answered.IsSettled, late.IsSettled, early.IsSettled));
        Assert.Equal(4, ring.Count);
        Assert.Same(late, ring.Next);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_million_commands_pass_in_order_none_lost_and_none_twice(int resumers)
    {
        const int Commands = 1_000_000;
        const int Capacity = 1024;
        var ring = new InFlightRing(Capacity);
        var taken = new byte[Commands];
        long read = 0;
        int resumed = 0;
        string? fault = null;
        using var stop = new CancellationTokenSource(NoHang);

        // Like the connection's own: one writer, one reader, and as many resumers as come by.
        Task writer = Task.Factory.StartNew(() =>
        {
            var wait = default(SpinWait);
            for (int i = 0; i < Commands && !stop.IsCancellationRequested;)
            {
                if (ring.Count < Capacity) ring.Add(new ProbeReply(i++));
                else wait.SpinOnce(sleep1Threshold: -1);
            }
        }, TaskCreationOptions.LongRunning);

        Task reader = Task.Factory.StartNew(() =>
        {
            var wait = default(SpinWait);
            while (read < Commands && !stop.IsCancellationRequested)
            {
                int batch = 0;
                for (; batch < 37 && ring.Next is ProbeReply next; batch++)
                {
                    if (next.Number != read) fault ??= $"reply {read} goes to command {next.Number}";
                    read++;
                    ring.MarkRead();
                }

                ring.Publish();
                if (batch == 0) wait.SpinOnce(sleep1Threshold: -1);
            }
        }, TaskCreationOptions.LongRunning);

        Task[] hands = [.. Enumerable.Range(0, resumers).Select(_ => Task.Factory.StartNew(() =>
        {
            var wait = default(SpinWait);
            long last = -1;
            while (Volatile.Read(ref resumed) < Commands && !stop.IsCancellationRequested)
            {
                if (!ring.TryTakeAnswered(out PendingReply? pending))
                {
                    wait.SpinOnce(sleep1Threshold: -1);
                    continue;
                }

                long number = ((ProbeReply)pending!).Number;
                if (number <= last) fault ??= $"command {number} was resumed after {last}";
                last = number;
                if (Interlocked.Exchange(ref taken[number], 1) != 0) fault ??= $"command {number} was resumed twice";
                Interlocked.Increment(ref resumed);
            }
        }, TaskCreationOptions.LongRunning))];

        await Task.WhenAll([writer, reader, .. hands]);
        Assert.Null(fault);
        Assert.Equal((Commands, Commands), (resumed, read));
        Assert.DoesNotContain((byte)0, taken);
        Assert.Equal((0, 0, false), (ring.Count, ring.Unanswered, ring.HasAnswered));
    }
}
