namespace RedisToolkit.Client;

/// <summary>Shapes of replies that several commands share, made once.</summary>
internal static class Shapes
{
    /// <summary>Gets the shape of text that is always there.</summary>
    public static ReplyReader<string> Text { get; } = Replies.From(static (ref RespReader reader) =>
        reader.ReadText() ?? throw RedisReplyException.Shape("text", RespKind.Null));

    public static ReplyReader<string[]> Texts { get; } = Replies.ArrayOf(Text);

    public static ReplyReader<string?[]> TextsOrNulls { get; } = Replies.ArrayOf(Replies.Text);

    public static ReplyReader<bool[]> Booleans { get; } = Replies.ArrayOf(Replies.Boolean);

    public static ReplyReader<Dictionary<string, string>> TextMap { get; } = Replies.MapOf(Text!, Text);

    public static ReplyReader<(string Member, double Score)[]> Scored { get; } = Replies.PairsOf(Text, Replies.Double);
}
