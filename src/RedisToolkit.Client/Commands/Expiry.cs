namespace RedisToolkit.Client;

/// <summary>How long a key is to be kept after it was written: the default is until it is deleted.</summary>
/// <example><c>await redis.SetAsync("session:1", token, TimeSpan.FromMinutes(20))</c></example>
public readonly struct Expiry : IEquatable<Expiry>
{
    private enum Kind : byte
    {
        Never,
        After,
        At,
        Keep,
    }

    private readonly Kind _kind;
    private readonly long _milliseconds;

    private Expiry(Kind kind, long milliseconds = 0)
    {
        _kind = kind;
        _milliseconds = milliseconds;
    }

    /// <summary>Gets the one that keeps a key until it is deleted; a time to live that it had is lost.</summary>
    public static Expiry Never => default;

    /// <summary>Gets the one that leaves a key the time to live that it has. Redis 6.0, Valkey 7.2.</summary>
    public static Expiry Keep => new(Kind.Keep);

    /// <summary>Keeps a key for a while, counted from when the server writes it.</summary>
    /// <param name="timeToLive">1 ms or more; a part of a millisecond counts as a whole one.</param>
    public static implicit operator Expiry(TimeSpan timeToLive) => After(timeToLive);

    /// <summary>Compares what is sent.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether both are the same.</returns>
    public static bool operator ==(Expiry left, Expiry right) => left.Equals(right);

    /// <summary>Compares what is sent.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(Expiry left, Expiry right) => !left.Equals(right);

    /// <summary>Keeps a key for a while, counted from when the server writes it.</summary>
    /// <param name="timeToLive">1 ms or more; a part of a millisecond counts as a whole one.</param>
    /// <returns>The expiry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is 0 or less.</exception>
    public static Expiry After(TimeSpan timeToLive) => new(Kind.After, Milliseconds(timeToLive, nameof(timeToLive)));

    /// <summary>Keeps a key until an instant by the server's clock. One that has passed deletes the key. Redis 6.2, Valkey 7.2.</summary>
    /// <param name="instant">The instant; a part of a millisecond is cut off.</param>
    /// <returns>The expiry.</returns>
    public static Expiry At(DateTimeOffset instant) => new(Kind.At, UnixMilliseconds(instant, nameof(instant)));

    /// <inheritdoc/>
    public bool Equals(Expiry other) => _kind == other._kind && _milliseconds == other._milliseconds;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Expiry other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_kind, _milliseconds);

    /// <inheritdoc/>
    public override string ToString() => _kind switch
    {
        Kind.After => $"after {_milliseconds} ms",
        Kind.At => $"at {DateTimeOffset.FromUnixTimeMilliseconds(_milliseconds):O}",
        Kind.Keep => "as it was",
        _ => "never",
    };

    /// <summary>Writes the option, of up to two words.</summary>
    /// <returns>How many words there are.</returns>
    internal int CopyTo(Span<RedisArgument> words)
    {
        switch (_kind)
        {
            case Kind.Never:
                return 0;
            case Kind.Keep:
                words[0] = Words.KeepTimeToLive;
                return 1;
            default:
                words[0] = _kind == Kind.After ? Words.Milliseconds : Words.UnixMilliseconds;
                words[1] = _milliseconds;
                return 2;
        }
    }

    internal static long Milliseconds(TimeSpan timeToLive, string name)
    {
        if (timeToLive <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(name, timeToLive, "A time to live is 1 ms or more. To delete a key at once, use RedisKeys.Delete.");
        return (timeToLive.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
    }

    internal static long UnixMilliseconds(DateTimeOffset instant, string name)
    {
        long milliseconds = instant.ToUnixTimeMilliseconds();
        return milliseconds > 0 ? milliseconds : throw new ArgumentOutOfRangeException(name, instant, "The servers know no instant before 1970.");
    }
}
