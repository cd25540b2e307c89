using System.Collections.Concurrent;

namespace RedisToolkit.Client.Tests.Ring;

/// <summary>Commands that wait are served in the order in which they came, and none is forgotten.</summary>
public sealed class WaitLineTests
{
    private static readonly TimeSpan NoHang = TimeSpan.FromMinutes(2);

    [Fact]
    public void First_come_is_first_served_for_as_long_as_they_are_taken()
    {
        var served = new List<long>();
        int room = 0;
        var line = new WaitLine(10, pending =>
        {
            if (room == 0) return false;
            room--;
            served.Add(((ProbeReply)pending).Number);
            return true;
        });
        for (int i = 0; i < 5; i++) Assert.True(line.TryAdd(new ProbeReply(i), returned: false));
        line.HandOut();
        Assert.Empty(served);
        room = 2;
        line.HandOut();
        Assert.Equal([0L, 1], served);
        Assert.Equal(3, line.Count);
        room = 10;
        line.HandOut();
        Assert.Equal([0L, 1, 2, 3, 4], served);
        Assert.Equal(0, line.Count);
    }

    [Fact]
    public void What_was_given_back_goes_before_the_rest_in_its_own_order()
    {
        var served = new List<long>();
        bool open = false;
        var line = new WaitLine(10, pending =>
        {
            if (open) served.Add(((ProbeReply)pending).Number);
            return open;
        });
        line.TryAdd(new ProbeReply(10), returned: false);
        line.TryAdd(new ProbeReply(1), returned: true);
        line.TryAdd(new ProbeReply(11), returned: false);
        line.TryAdd(new ProbeReply(2), returned: true);
        open = true;
        line.HandOut();
        Assert.Equal([1L, 2, 10, 11], served);
    }

    [Fact]
    public void A_command_that_comes_back_while_it_is_handed_over_is_handed_over_again()
    {
        var served = new List<long>();
        bool brokeOnce = false;
        WaitLine? line = null;
        line = new WaitLine(10, pending =>
        {
            var probe = (ProbeReply)pending;
            served.Add(probe.Number);
            if (brokeOnce) return true;
            // The connection took it, broke, and gave it back before the line knew that it was taken.
            brokeOnce = true;
            Assert.True(line!.TryAdd(probe, returned: true));
            return true;
        });
        line.TryAdd(new ProbeReply(1), returned: false);
        line.TryAdd(new ProbeReply(2), returned: false);
        line.HandOut();
        Assert.Equal([1L, 1, 2], served);
        Assert.Equal(0, line.Count);
    }

    [Fact]
    public async Task Room_that_is_made_while_a_command_is_refused_is_not_missed()
    {
        // The connection is full when it is asked, and has room before the line has taken note of that.
        var served = new List<long>();
        bool room = false;
        WaitLine? line = null;
        line = new WaitLine(10, pending =>
        {
            if (room) served.Add(((ProbeReply)pending).Number);
            if (room) return true;
            room = true;
            line!.HandOut();
            return false;
        });
        line.TryAdd(new ProbeReply(1), returned: false);
        line.TryAdd(new ProbeReply(2), returned: false);
        await Task.Run(line.HandOut).WaitAsync(NoHang);
        Assert.Equal([1L, 2], served);
        Assert.Equal(0, line.Count);
    }

    [Fact]
    public void A_full_line_takes_no_more_but_what_was_given_back()
    {
        var line = new WaitLine(2, _ => false);
        Assert.True(line.TryAdd(new ProbeReply(0), returned: false));
        Assert.True(line.TryAdd(new ProbeReply(1), returned: false));
        Assert.False(line.TryAdd(new ProbeReply(2), returned: false));
        Assert.True(line.TryAdd(new ProbeReply(3), returned: true));
        Assert.Equal(3, line.Count);
        Assert.Equal(2, line.Most);
    }

    [Fact]
    public void Those_whose_callers_have_left_are_let_go_once_and_never_handed_over()
    {
        var served = new List<long>();
        bool open = false;
        var line = new WaitLine(10, pending =>
        {
            if (open) served.Add(((ProbeReply)pending).Number);
            return open;
        });
        ProbeReply[] probes = [.. Enumerable.Range(0, 6).Select(i => new ProbeReply(i))];
        foreach (ProbeReply probe in probes) line.TryAdd(probe, returned: probe.Number >= 4);
        foreach (int gone in (int[])[0, 3, 4])
        {
            probes[gone].Leave();
            // The caller's hold; the line's own is the last one.
            probes[gone].ReleaseByEngine();
        }

        // Closed: the one in front goes all the same, so that it does not hold up the rest.
        line.HandOut();
        Assert.Equal(1, probes[4].Recycled);
        Assert.Empty(served);
        open = true;
        line.HandOut();
        line.HandOut();
        Assert.Equal([1, 0, 0, 1, 1, 0], probes.Select(probe => probe.Recycled));
        Assert.Equal([5L, 1, 2], served);
        Assert.Equal(0, line.Count);
    }

    [Fact]
    public void All_that_wait_are_looked_at_in_their_order()
    {
        var line = new WaitLine(10, _ => false);
        foreach (int number in (int[])[1, 2, 3]) line.TryAdd(new ProbeReply(number), returned: number == 3);
        var seen = new List<long>();
        line.ForEach(pending => seen.Add(((ProbeReply)pending).Number));
        Assert.Equal([3L, 1, 2], seen);
    }

    [Fact]
    public async Task Nobody_is_forgotten_or_served_twice_when_many_come_at_once()
    {
        const int Callers = 4;
        const int Each = 100_000;
        var served = new ConcurrentQueue<ProbeReply>();
        int inside = 0;
        int together = 0;
        int tries = 0;
        var line = new WaitLine(500, pending =>
        {
            if (Interlocked.Increment(ref inside) != 1) Interlocked.Increment(ref together);
            // Refuses now and then: whoever is refused has to be served by somebody's later call.
            bool take = Interlocked.Increment(ref tries) % 3 != 0;
            if (take) served.Enqueue((ProbeReply)pending);
            Interlocked.Decrement(ref inside);
            return take;
        });

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                var probe = new ProbeReply(((long)caller << 32) | (uint)i);
                while (!line.TryAdd(probe, returned: false)) line.HandOut();
                line.HandOut();
            }
        }))).WaitAsync(NoHang);
        while (line.Count > 0) line.HandOut();

        Assert.Equal(0, together);
        Assert.Equal(Callers * Each, served.Count);
        long[] last = [-1, -1, -1, -1];
        foreach (ProbeReply probe in served)
        {
            int caller = (int)(probe.Number >> 32);
            long number = (uint)probe.Number;
            Assert.Equal(last[caller] + 1, number);
            last[caller] = number;
        }
    }

    [Fact]
    public async Task Whoever_is_added_while_another_is_handing_out_is_not_left_waiting()
    {
        // Everybody is taken at once, so nobody may still wait when all calls have returned: that would be a lost wake-up.
        for (int round = 0; round < 3_000; round++)
        {
            int served = 0;
            var line = new WaitLine(int.MaxValue, _ =>
            {
                Interlocked.Increment(ref served);
                return true;
            });
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                for (int i = 0; i < 20; i++)
                {
                    line.TryAdd(new ProbeReply(i), returned: i % 5 == 0);
                    line.HandOut();
                }
            }))).WaitAsync(NoHang);
            Assert.Equal((0, 60), (line.Count, served));
        }
    }
}
