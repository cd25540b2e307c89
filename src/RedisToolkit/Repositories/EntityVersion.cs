using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace RedisToolkit;

/// <summary>
/// Which state of an entity was read: the SHA-1 of the bytes that its key held. Nothing is stored for it, so it tells a change by
/// anybody, also by programs that know of no versions; and two states with the same bytes are the same version. It does as an HTTP ETag.
/// </summary>
public readonly struct EntityVersion : IEquatable<EntityVersion>, IParsable<EntityVersion>
{
    private const int Digits = 2 * SHA1.HashSizeInBytes;
    private readonly string? _text;

    private EntityVersion(string text) => _text = text;

    internal bool IsMissing => _text is null;

    /// <summary>Compares two versions.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they are the same.</returns>
    public static bool operator ==(EntityVersion left, EntityVersion right) => left.Equals(right);

    /// <summary>Compares two versions.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(EntityVersion left, EntityVersion right) => !left.Equals(right);

    /// <summary>Reads a version from its text.</summary>
    /// <param name="s">What <see cref="ToString"/> gave: 40 hexadecimal digits in small letters.</param>
    /// <param name="provider">Not looked at.</param>
    /// <returns>The version.</returns>
    /// <exception cref="FormatException">It is something else.</exception>
    public static EntityVersion Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out EntityVersion version) ? version : throw new FormatException($"A version of an entity is {Digits} hexadecimal digits in small letters.");

    /// <summary>Reads a version from its text.</summary>
    /// <param name="s">What <see cref="ToString"/> gave: 40 hexadecimal digits in small letters.</param>
    /// <param name="provider">Not looked at.</param>
    /// <param name="result">The version.</param>
    /// <returns>Whether it was one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EntityVersion result)
    {
        bool isOne = s?.Length == Digits && !s.AsSpan().ContainsAnyExcept("0123456789abcdef");
        result = isOne ? new EntityVersion(s!) : default;
        return isOne;
    }

    /// <inheritdoc/>
    public bool Equals(EntityVersion other) => _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EntityVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>Gets the version as text, for a header or a form.</summary>
    /// <returns>40 hexadecimal digits in small letters; empty for <c>default</c>, which is no version.</returns>
    public override string ToString() => _text ?? string.Empty;

    internal static EntityVersion Of(ReadOnlySpan<byte> stored)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        _ = SHA1.HashData(stored, hash);
        return new EntityVersion(Convert.ToHexStringLower(hash));
    }
}
