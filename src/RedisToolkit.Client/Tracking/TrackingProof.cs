namespace RedisToolkit.Client;

/// <summary>What the server says of a connection's tracking, and whether that is what was asked for.</summary>
internal sealed record TrackingProof(IReadOnlyList<string> Flags, long Redirect, IReadOnlyList<byte[]> Prefixes)
{
    private static readonly ReplyReader<string?[]> Texts = Replies.ArrayOf(Replies.Text);
    private static readonly ReplyReader<byte[]?[]> Names = Replies.ArrayOf(Replies.Bytes);

    /// <summary>Gets the shape of the reply to CLIENT TRACKINGINFO.</summary>
    public static ReplyReader<TrackingProof> Reader { get; } = Replies.From(static (ref RespReader reader) =>
    {
        var proof = new TrackingProof([], -1, []);
        for (int pairs = reader.ReadMapHeader(); pairs > 0; pairs--)
        {
            switch (reader.ReadText())
            {
                case "flags": proof = proof with { Flags = [.. Texts.Read(ref reader).Select(flag => flag ?? string.Empty)] }; break;
                case "redirect": proof = proof with { Redirect = reader.ReadInt64() }; break;
                case "prefixes": proof = proof with { Prefixes = [.. Names.Read(ref reader).Select(name => name ?? [])] }; break;
                default: reader.Skip(); break;
            }
        }

        return proof;
    });

    /// <summary>Makes the command that asks for the tracking.</summary>
    public static RedisCommand CommandFor(RedisTrackingOptions options)
    {
        var arguments = new List<RedisArgument> { "TRACKING", "ON" };
        if (options.Mode == RedisTrackingMode.Broadcast) arguments.Add("BCAST");
        foreach (RedisArgument prefix in options.Prefixes) arguments.AddRange(["PREFIX", prefix]);
        if (options.Mode == RedisTrackingMode.OptIn) arguments.Add("OPTIN");
        if (options.NoLoop) arguments.Add("NOLOOP");
        return RedisCommand.Create("CLIENT", [.. arguments]);
    }

    /// <summary>Says what is not as it was asked for; null if nothing.</summary>
    public string? Lacks(RedisTrackingOptions options)
    {
        if (!Flags.Contains("on")) return "is not on";
        if (Flags.Contains("broken_redirect") || Redirect > 0) return "sends to another connection";
        if (Flags.Contains("optout")) return "is in another mode";
        if (Flags.Contains("bcast") != (options.Mode == RedisTrackingMode.Broadcast)) return "is in another mode";
        if (Flags.Contains("optin") != (options.Mode == RedisTrackingMode.OptIn)) return "is in another mode";
        if (Flags.Contains("noloop") != options.NoLoop) return "treats own writes otherwise";
        if (options.Mode != RedisTrackingMode.Broadcast) return null;
        // Without prefixes, the server has one that is empty.
        var asked = new HashSet<byte[]>(options.Prefixes.Count == 0 ? [[]] : options.Prefixes.Select(prefix => prefix.ToBytes()), ChannelBytesComparer.Instance);
        return asked.SetEquals(Prefixes.Count == 0 ? [[]] : Prefixes) ? null : "has other prefixes";
    }
}
