using System.Diagnostics;
using RedisToolkit.Benchmarks.Load;

namespace RedisToolkit.Benchmarks.Clients;

/// <summary>
/// The floor: one socket and one async loop, which keeps as many commands under way as the workload has callers and sends
/// the next one for every reply. No task per call, nothing copied out of the receive buffer. What a client does on top of
/// this is its cost.
/// </summary>
internal sealed class RawLoadClient : ILoadClient
{
    private const int ReceiveBytes = 256 * 1024;
    private const int ComparedBytes = 16;

    private readonly WireConnection _connection;
    private Workload? _workload;
    private byte[][] _requests = [];
    private byte[][] _replies = [];
    private byte[] _send = [];
    private byte[] _receive = [];

    private RawLoadClient(WireConnection connection) => _connection = connection;

    public static async Task<RawLoadClient> ConnectAsync(ServerAddress server, CancellationToken cancellationToken) =>
        new(await WireConnection.ConnectAsync(server, cancellationToken));

    public async Task RunAsync(Workload workload, Round round)
    {
        Prepare(workload);
        var caller = round.Callers[0];
        var burst = workload.Job == Job.Burst;
        var depth = InFlight(workload);
        var starts = new long[depth]; // a ring: replies come in the order of the commands
        var keys = new int[depth];
        var oldest = 0;
        var outstanding = 0;
        var toSend = 0;
        var filled = 0;

        void Begin(long now)
        {
            var slot = (oldest + outstanding++) % depth;
            starts[slot] = now;
            keys[slot] = caller.NextKey();
            var request = _requests[keys[slot]];
            if (depth > 1) request.CopyTo(_send, toSend);
            toSend += request.Length;
        }

        void BeginAll()
        {
            var now = Stopwatch.GetTimestamp();
            for (var i = 0; i < depth; i++) Begin(now);
        }

        void TakeReplies()
        {
            var now = Stopwatch.GetTimestamp();
            var at = 0;
            while (outstanding > 0 && Wire.ReplyLength(_receive.AsSpan(at, filled - at)) is > 0 and var length)
            {
                Check(_receive.AsSpan(at, length), _replies[keys[oldest]]);
                at += length;
                var started = starts[oldest];
                oldest = (oldest + 1) % depth;
                outstanding--;
                if (!burst)
                {
                    caller.Done(started, now, 1);
                    if (round.Running) Begin(now);
                }
                else if (outstanding == 0)
                {
                    caller.Done(started, now, depth);
                }
            }

            if (at == 0) return;
            _receive.AsSpan(at, filled - at).CopyTo(_receive);
            filled -= at;
        }

        BeginAll();
        while (outstanding > 0)
        {
            if (toSend > 0)
            {
                // A lone command goes out from where it lies: of 1 MB even the copy would show.
                await _connection.Stream.WriteAsync(depth > 1 ? _send.AsMemory(0, toSend) : _requests[keys[oldest]]);
                toSend = 0;
            }

            var received = await _connection.Stream.ReadAsync(_receive.AsMemory(filled));
            if (received == 0) throw new EndOfStreamException("The server closed the connection.");
            filled += received;
            TakeReplies();
            if (burst && outstanding == 0 && round.Running) BeginAll();
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static int InFlight(Workload workload) => workload.Job == Job.Burst ? Workload.BurstLength : workload.Callers;

    private static void Check(ReadOnlySpan<byte> reply, byte[] expected)
    {
        var compared = Math.Min(expected.Length, ComparedBytes);
        var same = reply.Length == expected.Length && reply[..compared].SequenceEqual(expected.AsSpan(0, compared));
        SampleData.Check(same, "not the bytes that were stored");
    }

    private void Prepare(Workload workload)
    {
        if (workload == _workload) return;
        _workload = workload;
        (_requests, _replies) = Conversation(workload);
        _send = new byte[InFlight(workload) > 1 ? InFlight(workload) * _requests.Max(request => request.Length) : 0];
        _receive = new byte[ReceiveBytes + _replies.Max(reply => reply.Length)];
    }

    private static (byte[][] Requests, byte[][] Replies) Conversation(Workload workload)
    {
        var keys = SampleData.Keys(workload);
        var values = SampleData.Values(workload);
        var script = Bytes(SampleData.ScriptName);
        var fields = SampleData.FieldNames
            .SelectMany((name, i) => new[] { Bytes(name), SampleData.Value(i, workload.ValueBytes) })
            .ToList();
        return workload.Job switch
        {
            Job.Get or Job.GetPooled or Job.Burst => ([.. keys.Select(key => Wire.Command("GET", key))], [.. values.Select(Wire.Bulk)]),
            Job.Set => (
                [.. keys.Select((key, i) => Wire.Command(Bytes("SET"), Bytes(key), values[i]))],
                [.. keys.Select(_ => "+OK\r\n"u8.ToArray())]),
            Job.HashGetAll => ([.. keys.Select(key => Wire.Command("HGETALL", key))], [.. keys.Select(_ => Wire.Array(fields))]),
            Job.MultiGet => (
                [.. keys.Chunk(Workload.MultiGetKeys).Select(group => Wire.Command(["MGET", .. group]))],
                [.. values.Chunk(Workload.MultiGetKeys).Select(group => Wire.Array(group))]),
            Job.Script => (
                [.. keys.Select((key, i) => Wire.Command(Bytes("EVALSHA"), script, Bytes("1"), Bytes(key), values[i]))],
                [.. values.Select(Wire.Bulk)]),
            _ => throw new NotSupportedException($"The bare loop has nothing to send for {workload.Job}."),
        };
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
