using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>
/// Replies that were damaged at random. 300,000 of them in each run of the tests; 10 million, which take minutes, when the
/// environment has <c>REDISTOOLKIT_LONG_TESTS=1</c>. The damage depends on nothing but the seed.
/// </summary>
public sealed class RespFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20_240_917;
    private const int Workers = 4;
    private static readonly int Mutations = Environment.GetEnvironmentVariable("REDISTOOLKIT_LONG_TESTS") == "1" ? 10_000_000 : 300_000;

    // Small, so that the damage meets them.
    private static readonly RespLimits Limits = new(MaxBytes: 2_000, MaxDepth: 6, MaxElements: 200);

    private static readonly ReplyReader<bool>[] Readers =
    [
        Probe(Replies.Done), Probe(Replies.Text), Probe(Replies.Bytes), Probe(Replies.Pooled), Probe(Replies.Integer), Probe(Replies.IntegerOrNull),
        Probe(Replies.Double), Probe(Replies.DoubleOrNull), Probe(Replies.Boolean), Probe(Replies.ArrayOf(Replies.Text)), Probe(Replies.ArrayOf(Replies.Pooled)),
        Probe(Replies.ArrayOf(Replies.Any)), Probe(Replies.MapOf(Replies.Text, Replies.Any)), Probe(Replies.MapOf(Replies.Text, Replies.Done)),
        Probe(Replies.PairsOf(Replies.Any, Replies.Any)), Probe(Replies.PairsOf(Replies.Text, Replies.Double)), Probe(Replies.TupleOf(Replies.Any, Replies.Text)),
        Probe(Replies.TupleOf(Replies.Text, Replies.ArrayOf(Replies.Text), Replies.Any)), Probe(Replies.OrNull(Replies.ArrayOf(Replies.OrNull(Replies.ArrayOf(Replies.Text))))),
        Replies.From(ReadBeyondTheEnd),
    ];

    [Fact]
    public async Task Damaged_replies_end_in_a_protocol_error_or_are_read_and_nothing_else()
    {
        byte[][] whole = Originals();
        long started = Stopwatch.GetTimestamp();
        var tally = new Tally();
        var threads = new Task[Workers];
        for (int worker = 0; worker < Workers; worker++)
        {
            int number = worker;
            threads[worker] = Task.Run(() =>
            {
                var random = new Random(Seed + number);
                var scanner = new RespScanner(Limits);
                for (int i = 0; i < Mutations / Workers; i++) Try(scanner, random, Damage(whole, random), tally);
            });
        }

        await Task.WhenAll(threads).WaitAsync(TimeSpan.FromMinutes(60));
        output.WriteLine($"{Mutations} damaged streams in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s: {tally.Refused} refused, {tally.Unfinished} unfinished, {tally.Replies} replies read, {tally.Misread} of them in another shape than was asked for.");
        // Damage that is always refused, or never, tests nothing.
        Assert.InRange(tally.Refused, Mutations / 10, Mutations);
        Assert.InRange(tally.Replies, Mutations / 10, long.MaxValue);
        Assert.InRange(tally.Misread, Mutations / 100, long.MaxValue);
    }

    private static void Try(RespScanner scanner, Random random, byte[] wire, Tally tally)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            int start = 0;
            int arrived = 0;
            while (arrived < wire.Length)
            {
                arrived = Math.Min(wire.Length, arrived + (random.Next(4) == 0 ? random.Next(1, 8) : wire.Length));
                while (start < arrived && scanner.TryScan(wire.AsSpan(start, arrived - start), out int length))
                {
                    Read(wire.AsSpan(start, length), random, tally);
                    start += length;
                }
            }

            if (start < wire.Length) Interlocked.Increment(ref tally.Unfinished);
        }
        catch (RedisProtocolException)
        {
            Interlocked.Increment(ref tally.Refused);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"The stream {Convert.ToHexString(wire)} ended in {exception}", exception);
        }

        scanner.Reset();
        // An element of 3 bytes becomes an object of some 100; an exception takes a few thousand.
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > 64 * 1024 + wire.Length * 200L) throw new InvalidOperationException($"The stream {Convert.ToHexString(wire)} of {wire.Length} bytes made {allocated} bytes be allocated.");
    }

    private static void Read(ReadOnlySpan<byte> frame, Random random, Tally tally)
    {
        Interlocked.Increment(ref tally.Replies);
        // What the scanner let through is a tree, and whoever skips it comes to the same end.
        var reader = new RespReader(frame);
        RedisReply reply = reader.ReadAny();
        if (!reader.AtEnd) throw new InvalidOperationException("The tree ends before the reply does.");
        if (random.Next(8) == 0) _ = reply.ToString();
        reader = new RespReader(frame);
        reader.Skip();
        if (!reader.AtEnd) throw new InvalidOperationException("Skipping ends before the reply does.");
        reader = new RespReader(frame);
        try
        {
            _ = Readers[random.Next(Readers.Length)].Read(ref reader);
        }
        catch (RedisException exception) when (exception is RedisReplyException or RedisServerException)
        {
            Interlocked.Increment(ref tally.Misread);
        }
    }

    private static ReplyReader<bool> Probe<T>(ReplyReader<T> shape) => Replies.From((ref RespReader reader) =>
    {
        shape.Discard(shape.Read(ref reader));
        return true;
    });

    // A reader of a user's that does not care what comes.
    private static bool ReadBeyondTheEnd(ref RespReader reader)
    {
        for (int i = 0; i < 1_000; i++)
        {
            if (reader.TryReadNull() || reader.TryReadError(out _)) continue;
            if (reader.NextKind is RespKind.Array or RespKind.Map or RespKind.Set or RespKind.Push) _ = (i & 1) == 0 ? reader.ReadArrayHeader() : reader.ReadMapHeader();
            else if (reader.NextKind == RespKind.Boolean) _ = reader.ReadBoolean();
            else _ = reader.ReadSpan();
        }

        return true;
    }

    private static byte[][] Originals()
    {
        var seed = new Rnd(Seed);
        WireNode[] nodes = [.. WireNodes.Any.Sample(600, seed, 16), .. WireNodes.Pushes.Sample(100, seed, 16)];
        byte[][] wires = [.. nodes.Select(node => node.Encode()).Where(wire => wire.Length < 400), .. nodes.Take(200).Select(node => node.AsResp2().Encode()).Where(wire => wire.Length < 400)];
        Assert.InRange(wires.Length, 400, 1_000);
        return wires;
    }

    private static byte[] Damage(byte[][] whole, Random random)
    {
        const string Telling = "\r\n+-:$*_#,(!=%~|>;.?0123456789tfinae\0";
        var wire = new List<byte>(whole[random.Next(whole.Length)]);
        if (random.Next(4) == 0) wire.AddRange(whole[random.Next(whole.Length)]);
        for (int damages = random.Next(5); damages > 0; damages--)
        {
            int at = random.Next(wire.Count + 1);
            int some = random.Next(1, 9);
            switch (random.Next(7))
            {
                case 0 when at < wire.Count:
                    wire[at] = (byte)Telling[random.Next(Telling.Length)];
                    break;
                case 1 when at < wire.Count:
                    wire[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    wire.Insert(at, (byte)Telling[random.Next(Telling.Length)]);
                    break;
                case 3:
                    wire.RemoveRange(at, Math.Min(some, wire.Count - at));
                    break;
                case 4:
                    wire.InsertRange(at, wire.Skip(random.Next(wire.Count + 1)).Take(some * 4).ToArray());
                    break;
                case 5:
                    byte[] other = whole[random.Next(whole.Length)];
                    wire.InsertRange(at, other.AsSpan(random.Next(other.Length)).ToArray());
                    break;
                case 6 when random.Next(4) == 0:
                    wire.RemoveRange(at, wire.Count - at);
                    break;
                default:
                    break;
            }
        }

        return [.. wire];
    }

    private sealed class Tally
    {
        public long Refused;
        public long Unfinished;
        public long Replies;
        public long Misread;
    }
}
