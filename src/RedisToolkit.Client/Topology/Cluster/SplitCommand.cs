using System.Buffers;
using System.Globalization;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>
/// A command whose keys lie in several slots, as one command for each slot. Their replies are joined to the bytes that the whole would
/// have been answered with, so that any <see cref="ReplyReader{T}"/> reads them.
/// </summary>
internal sealed class SplitCommand : IClusterJoin
{
    private readonly RedisCommand _whole;
    private readonly SplitKind _kind;
    private readonly int _keys;

    private SplitCommand(in RedisCommand whole, SplitKind kind, int keys)
    {
        _whole = whole;
        _kind = kind;
        _keys = keys;
    }

    /// <summary>Gets the shape in which a part's reply is kept: its bytes as they came.</summary>
    public static ReplyReader<byte[]> Frame { get; } = Replies.From(static (ref RespReader reader) => reader.TakeElement().ToArray());

    /// <summary>Gets the parts, the one of the first key first.</summary>
    public IReadOnlyList<Part> Parts { get; private set; } = [];

    /// <summary>Splits a command whose keys lie in several slots.</summary>
    /// <exception cref="RedisCrossSlotException">It is not one of those that may be split.</exception>
    public static SplitCommand Of(in RedisCommand command)
    {
        SplitKind kind = command.Header.Split;
        int step = kind == SplitKind.Pairs ? 2 : 1;
        if (kind == SplitKind.None || command.ArgumentCount % step != 0) throw CommandSlots.Crossing(command);
        var split = new SplitCommand(command, kind, command.ArgumentCount / step);
        var bySlot = new Dictionary<int, List<int>>();
        var slots = new List<int>();
        for (int key = 0; key < split._keys; key++)
        {
            int slot = HashSlot.Of(command.GetArgument(key * step));
            if (!bySlot.TryGetValue(slot, out List<int>? keys))
            {
                bySlot.Add(slot, keys = []);
                slots.Add(slot);
            }

            keys.Add(key);
        }

        split.Parts = [.. slots.Select(slot => split.Make(slot, bySlot[slot], step))];
        return split;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Join(IReadOnlyList<byte[]> frames) => _kind switch
    {
        SplitKind.Values => JoinValues(frames),
        SplitKind.Sum => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $":{frames.Sum(ReadNumber)}\r\n")),
        _ => frames[0],
    };

    /// <summary>Collects what failed, key by key, in the command's order.</summary>
    public Exception Failed(IReadOnlyList<Exception?> errors)
    {
        // Cancelled, or the client was disposed: that is not about any key.
        if (errors.FirstOrDefault(static error => error is not null and not RedisException) is { } other) return other;
        int step = _kind == SplitKind.Pairs ? 2 : 1;
        var byKey = new RedisException?[_keys];
        for (int part = 0; part < Parts.Count; part++)
        {
            foreach (int key in Parts[part].Keys) byKey[key] = (RedisException?)errors[part];
        }

        var failures = new List<RedisKeyFailure>();
        for (int key = 0; key < _keys; key++)
        {
            if (byKey[key] is { } error) failures.Add(new RedisKeyFailure(_whole.GetArgument(key * step), error));
        }

        return new RedisSplitCommandException(_whole.Name, _keys, failures);
    }

    private Part Make(int slot, List<int> keys, int step)
    {
        var arguments = new RedisArgument[keys.Count * step];
        for (int i = 0; i < arguments.Length; i++) arguments[i] = _whole.GetArgument((keys[i / step] * step) + (i % step));
        return new Part(slot, keys, _whole.WithArguments(arguments));
    }

    private ArrayBufferWriter<byte> JoinedHeader(int bytes)
    {
        var joined = new ArrayBufferWriter<byte>(bytes + 16);
        joined.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{_keys}\r\n")));
        return joined;
    }

    private ReadOnlyMemory<byte> JoinValues(IReadOnlyList<byte[]> frames)
    {
        var byKey = new ReadOnlyMemory<byte>[_keys];
        for (int part = 0; part < frames.Count; part++)
        {
            IReadOnlyList<int> keys = Parts[part].Keys;
            var reader = new RespReader(frames[part]);
            int count = reader.ReadArrayHeader();
            if (count != keys.Count) throw new RedisReplyException($"{_whole.Name} of {keys.Count} keys was answered with {count} values.");
            foreach (int key in keys) byKey[key] = reader.TakeElement().ToArray();
        }

        ArrayBufferWriter<byte> joined = JoinedHeader(frames.Sum(static frame => frame.Length));
        foreach (ReadOnlyMemory<byte> value in byKey) joined.Write(value.Span);
        return joined.WrittenMemory;
    }

    private static long ReadNumber(byte[] frame)
    {
        var reader = new RespReader(frame);
        return reader.ReadInt64();
    }

    /// <summary>One of the commands.</summary>
    /// <param name="Slot">The slot of its keys.</param>
    /// <param name="Keys">Which keys of the whole it has, counted from 0.</param>
    /// <param name="Command">The command.</param>
    internal sealed record Part(int Slot, IReadOnlyList<int> Keys, RedisCommand Command);
}
