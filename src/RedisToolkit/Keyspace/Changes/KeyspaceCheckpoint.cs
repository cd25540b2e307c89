using System.Globalization;
using System.Security.Cryptography;

namespace RedisToolkit;

/// <summary>
/// Where a piece of work on the keyspace has come to. Given to it in <see cref="KeyspaceOptions.Checkpoint"/>, it moves along, step by step, and
/// when the work was cancelled, failed or died, the same work goes on from it: nothing is left out, and at most one step is done twice.
/// </summary>
/// <remarks>
/// Store <see cref="ToString"/> now and then, and read it back with <see cref="Parse"/>. It belongs to one operation and pattern, and to the
/// server process that it was made with; when that was started anew since, the work begins anew. (Where the user may not call <c>INFO</c>, that
/// cannot be noticed: do not use it across restarts there.)
/// </remarks>
/// <example>
/// <code>
/// var checkpoint = new KeyspaceCheckpoint();
/// KeyspaceResult result = await keyspace.DeleteAsync("session:*", new KeyspaceOptions { Checkpoint = checkpoint }, cancellationToken);
/// </code>
/// </example>
public sealed class KeyspaceCheckpoint
{
    private const string Version = "keyspace1";
    private const char Separator = '.';
    private const string None = "-";
    private Position _position = new(None, default, false);

    /// <summary>Gets a value indicating whether the work has come to its end.</summary>
    public bool IsFinished => Volatile.Read(ref _position).IsFinished;

    internal ScanPlace Place => Volatile.Read(ref _position).Place;

    /// <summary>Reads a checkpoint that was stored as text.</summary>
    /// <param name="text">What <see cref="ToString"/> gave.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="FormatException">It is something else.</exception>
    public static KeyspaceCheckpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new KeyspaceCheckpoint { _position = Read(text.Split(Separator)) ?? throw new FormatException($"The text of {text.Length} characters is no checkpoint of the keyspace. Store what KeyspaceCheckpoint.ToString() gives.") };
    }

    /// <summary>Shows the checkpoint as text that can be stored. It has no key in it.</summary>
    /// <returns>Up to some 100 characters of ASCII.</returns>
    public override string ToString()
    {
        Position at = Volatile.Read(ref _position);
        return string.Create(CultureInfo.InvariantCulture, $"{Version}.{at.Work}.{at.Place.Primary}.{at.Place.Cursor}.{at.Place.ServerId ?? None}.{(at.IsFinished ? 1 : 0)}");
    }

    /// <summary>Names a piece of work, so that no checkpoint of one is used for another.</summary>
    internal static string NameOf(string operation, ReadOnlySpan<byte> pattern, string? type)
    {
        byte[] all = [.. System.Text.Encoding.UTF8.GetBytes($"{operation}\n{type}\n"), .. pattern];
        return Convert.ToHexStringLower(SHA256.HashData(all).AsSpan(0, 8));
    }

    /// <exception cref="ArgumentException">It is of other work.</exception>
    internal void Claim(string work, string name)
    {
        Position at = Volatile.Read(ref _position);
        if (at.Work == None) Volatile.Write(ref _position, at with { Work = work });
        else if (at.Work != work) throw new ArgumentException("The checkpoint is of another operation, pattern or type. Go on with the same as before, or begin with a new KeyspaceCheckpoint.", name);
    }

    internal void MoveTo(ScanPlace place) => Volatile.Write(ref _position, Volatile.Read(ref _position) with { Place = place });

    internal void Finish() => Volatile.Write(ref _position, Volatile.Read(ref _position) with { IsFinished = true });

    private static Position? Read(string[] parts)
    {
        if (parts is not [Version, { Length: > 0 } work, var primary, var cursor, { Length: > 0 } server, "0" or "1"]) return null;
        if (!int.TryParse(primary, NumberStyles.None, CultureInfo.InvariantCulture, out int at)) return null;
        if (!ulong.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out ulong next)) return null;
        return new Position(work, new ScanPlace(at, next, server == None ? null : server), parts[^1] == "1");
    }

    private sealed record Position(string Work, ScanPlace Place, bool IsFinished);
}
