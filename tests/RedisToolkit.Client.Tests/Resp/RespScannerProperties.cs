using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Client.Tests.Resp;

/// <summary>What holds for every stream of replies, however the network cuts it, shown on replies made at random.</summary>
public sealed class RespScannerProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(700).WithEndSize(30);

    [Fact]
    public void A_reply_is_read_back_as_it_was_meant() => Prop.ForAll(WireNodes.Any.ToArbitrary(), meant =>
        Differences(meant, Scanning.Split(meant.Encode(), []))).Check(Thorough);

    [Fact]
    public void A_reply_spelled_in_RESP2_is_read_back_as_it_was_meant() => Prop.ForAll(WireNodes.Any.Select(node => node.AsResp2()).ToArbitrary(), meant =>
        Differences(meant, Scanning.Split(meant.Encode(), []))).Check(Thorough);

    [Fact]
    public void A_push_is_read_back_as_it_was_meant() => Prop.ForAll(WireNodes.Pushes.ToArbitrary(), meant =>
        Differences(meant, Scanning.ByteByByte(meant.Encode()))).Check(Thorough);

    [Fact]
    public void A_reply_cut_in_two_anywhere_has_the_same_end() => Prop.ForAll(WireNodes.Any.ToArbitrary(), meant =>
    {
        byte[] wire = meant.Encode();
        for (int cut = 1; cut < wire.Length; cut++)
        {
            List<(byte[] Frame, int ArrivedAt)> frames = Scanning.Split(wire, [cut]);
            if (frames.Count != 1 || frames[0].Frame.Length != wire.Length) return $"cut at {cut}: {frames.Count} replies".ToProperty(false);
        }

        return true.ToProperty();
    }).Check(Thorough);

    [Fact]
    public void A_reply_is_reported_with_its_last_byte_and_not_before() => Prop.ForAll(Streams().ToArbitrary(), stream =>
    {
        byte[] wire = Wire(stream);
        int end = 0;
        List<(byte[] Frame, int ArrivedAt)> frames = Scanning.ByteByByte(wire);
        if (frames.Count != stream.Length) return $"{frames.Count} replies, not {stream.Length}".ToProperty(false);
        foreach ((byte[] frame, int arrivedAt) in frames)
        {
            end += frame.Length;
            if (arrivedAt != end) return $"reported at byte {arrivedAt}, not {end}".ToProperty(false);
        }

        return true.ToProperty();
    }).Check(Thorough);

    [Fact]
    public void Several_replies_cut_at_random_are_each_read_as_meant() => Prop.ForAll(
        Streams().ToArbitrary(),
        Gen.Choose(1, 997).ListOf().ToArbitrary(),
        (stream, steps) =>
        {
            byte[] wire = Wire(stream);
            var cuts = new List<int>();
            for (int at = 0, i = 0; i < steps.Count; i++)
            {
                at += steps[i] % Math.Max(wire.Length / 4, 2);
                if (at > 0 && at < wire.Length) cuts.Add(at);
            }

            List<(byte[] Frame, int ArrivedAt)> frames = Scanning.Split(wire, cuts);
            if (frames.Count != stream.Length) return $"{frames.Count} replies, not {stream.Length}".ToProperty(false);
            string? difference = frames.Select((frame, i) => Scanning.Difference(stream[i], Scanning.ReadAny(frame.Frame))).FirstOrDefault(found => found is not null);
            return (difference ?? "same").ToProperty(difference is null);
        }).Check(Thorough);

    [Fact]
    public void Skipping_a_reply_takes_all_of_it() => Prop.ForAll(WireNodes.Any.ToArbitrary(), meant =>
    {
        var reader = new RespReader(meant.Encode());
        reader.Skip();
        return reader.AtEnd;
    }).Check(Thorough);

    [Fact]
    public void Elements_skipped_and_elements_read_keep_their_places() => Prop.ForAll(WireNodes.Any.ToArbitrary(), WireNodes.Any.ToArbitrary(), (skipped, read) =>
    {
        foreach (bool streamed in (bool[])[false, true])
        {
            var reader = new RespReader(new WireNode(RespKind.Array) { Items = [skipped, read, skipped, read], Streamed = streamed }.Encode());
            if (reader.ReadArrayHeader() != 4) return false;
            for (int i = 0; i < 2; i++)
            {
                reader.Skip();
                if (Scanning.Difference(read, reader.ReadAny()) is not null) return false;
            }

            if (!reader.AtEnd) return false;
        }

        return true;
    }).Check(Thorough);

    private static Gen<WireNode[]> Streams() =>
        from nodes in Gen.Frequency((5, WireNodes.Any), (1, WireNodes.Pushes)).Resize(12).NonEmptyListOf()
        select nodes.ToArray();

    private static byte[] Wire(WireNode[] stream) => [.. stream.SelectMany(node => node.Encode())];

    private static Property Differences(WireNode meant, List<(byte[] Frame, int ArrivedAt)> frames)
    {
        string? difference = frames is [var only] ? Scanning.Difference(meant, Scanning.ReadAny(only.Frame)) : $"{frames.Count} replies, not 1";
        return (difference ?? "same").ToProperty(difference is null);
    }
}

file static class Labels
{
    public static Property ToProperty(this string label, bool holds) => holds.Label(label);
}
