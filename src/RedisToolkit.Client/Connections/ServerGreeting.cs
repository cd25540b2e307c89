namespace RedisToolkit.Client;

/// <summary>What the server said of itself when the connection was set up.</summary>
/// <param name="Server"><c>redis</c>, <c>valkey</c> or what else it calls itself; empty if it did not say.</param>
/// <param name="Version">Its version; empty if it did not say.</param>
/// <param name="Protocol">2 or 3.</param>
/// <param name="ConnectionId">The connection's number at the server; 0 if unknown.</param>
/// <param name="Mode"><c>standalone</c>, <c>sentinel</c> or <c>cluster</c>; empty if it did not say.</param>
/// <param name="Role"><c>master</c> or <c>replica</c>, in the server's words; empty if it did not say.</param>
internal sealed record ServerGreeting(string Server, string Version, int Protocol, long ConnectionId, string Mode, string Role)
{
    public static readonly ServerGreeting Unknown = new(string.Empty, string.Empty, 2, 0, string.Empty, string.Empty);

    /// <summary>Reads the reply to HELLO.</summary>
    public static ReplyReader<ServerGreeting> Reader { get; } = Replies.From(static (ref RespReader reader) =>
    {
        ServerGreeting greeting = Unknown;
        for (int pairs = reader.ReadMapHeader(); pairs > 0; pairs--)
        {
            string? name = reader.ReadText();
            switch (name)
            {
                case "server": greeting = greeting with { Server = reader.ReadText() ?? string.Empty }; break;
                case "version": greeting = greeting with { Version = reader.ReadText() ?? string.Empty }; break;
                case "proto": greeting = greeting with { Protocol = (int)reader.ReadInt64() }; break;
                case "id": greeting = greeting with { ConnectionId = reader.ReadInt64() }; break;
                case "mode": greeting = greeting with { Mode = reader.ReadText() ?? string.Empty }; break;
                case "role": greeting = greeting with { Role = reader.ReadText() ?? string.Empty }; break;
                default: reader.Skip(); break;
            }
        }

        return greeting;
    });
}
