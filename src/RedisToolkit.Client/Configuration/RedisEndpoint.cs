using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RedisToolkit.Client;

/// <summary>Where a server listens: a host and a TCP port, or a Unix domain socket.</summary>
public sealed record RedisEndpoint
{
    /// <summary>The port that servers listen on unless told otherwise: 6379.</summary>
    public const int DefaultPort = 6379;

    private const string UnixScheme = "unix://";

    /// <summary>Names a TCP endpoint.</summary>
    /// <param name="host">A DNS name, an IPv4 address, or an IPv6 address with or without brackets.</param>
    /// <param name="port">1 to 65,535; 6379 unless given.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty or no host name.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is outside its range.</exception>
    public RedisEndpoint(string host, int port = DefaultPort)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (port is < 1 or > 65535)
            throw new ArgumentOutOfRangeException(nameof(port), port, "A TCP port is 1 to 65,535.");
        if (!TryHost(host, out string? plain))
            throw new ArgumentException("This is no host: give a DNS name, an IPv4 address or an IPv6 address.", nameof(host));
        Host = plain;
        Port = port;
    }

    private RedisEndpoint(string unixSocketPath) => (Host, UnixSocketPath) = ("", unixSocketPath);

    /// <summary>Gets the DNS name or the address, IPv6 without brackets; empty for a Unix domain socket.</summary>
    public string Host { get; }

    /// <summary>Gets the TCP port, 1 to 65,535; 0 for a Unix domain socket.</summary>
    public int Port { get; }

    /// <summary>Gets the path of the Unix domain socket; null for TCP.</summary>
    public string? UnixSocketPath { get; }

    /// <summary>Names a Unix domain socket.</summary>
    /// <param name="path">The path of the socket's file, at most about 100 bytes on most systems.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or has a control character.</exception>
    public static RedisEndpoint Unix(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (path.Any(char.IsControl)) throw new ArgumentException("The path of a Unix domain socket has no control characters.", nameof(path));
        return new RedisEndpoint(path);
    }

    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[ipv6]:port</c> or <c>unix:///path</c>.</summary>
    /// <param name="text">The endpoint. Without a port, 6379. An IPv6 address with a port needs brackets.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is none of these.</exception>
    public static RedisEndpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out RedisEndpoint? endpoint)
            ? endpoint
            : throw new FormatException(
                "An endpoint is host, host:port, [ipv6]:port or unix:///path, with a port of 1 to 65,535; " +
                $"this text of {text.Length} characters is none of them.");
    }

    /// <summary>Reads what <see cref="Parse"/> reads.</summary>
    /// <param name="text">The endpoint.</param>
    /// <param name="endpoint">The endpoint; null if <paramref name="text"/> is none.</param>
    /// <returns>True if it was read.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RedisEndpoint? endpoint) =>
        TryParse(text, DefaultPort, out endpoint);

    internal static bool TryParse([NotNullWhen(true)] string? text, int defaultPort, [NotNullWhen(true)] out RedisEndpoint? endpoint)
    {
        endpoint = null;
        if (string.IsNullOrWhiteSpace(text)) return false;
        if (text.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase))
        {
            string path = text[UnixScheme.Length..];
            if (path.Length is 0 || path.Any(char.IsControl)) return false;
            endpoint = new RedisEndpoint(path);
            return true;
        }

        string host = text;
        int port = defaultPort;
        int colon = text.LastIndexOf(':');
        bool bracketed = text.StartsWith('[') && text.Contains(']', StringComparison.Ordinal);
        bool hasPort = bracketed ? colon > text.LastIndexOf(']') : colon >= 0 && text.IndexOf(':', StringComparison.Ordinal) == colon;
        if (hasPort)
        {
            host = text[..colon];
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)) return false;
        }

        if (port is < 1 or > 65535 || !TryHost(host, out string? plain)) return false;
        endpoint = new RedisEndpoint(plain, port);
        return true;
    }

    /// <summary>Reads what <see cref="Parse"/> reads.</summary>
    /// <param name="text">The endpoint.</param>
    public static implicit operator RedisEndpoint(string text) => Parse(text);

    /// <summary>Gives the text that <see cref="Parse"/> reads: <c>host:port</c>, <c>[ipv6]:port</c> or <c>unix:///path</c>.</summary>
    public override string ToString()
    {
        if (UnixSocketPath is not null) return UnixScheme + UnixSocketPath;
        string port = Port.ToString(CultureInfo.InvariantCulture);
        return Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{port}" : $"{Host}:{port}";
    }

    private static bool TryHost(string host, [NotNullWhen(true)] out string? plain)
    {
        plain = null;
        bool brackets = host.Length > 2 && host[0] is '[' && host[^1] is ']';
        string inner = brackets ? host[1..^1] : host;
        if (brackets || inner.Contains(':', StringComparison.Ordinal))
        {
            bool ipv6 = IPAddress.TryParse(inner, out IPAddress? address) && address.AddressFamily is AddressFamily.InterNetworkV6;
            if (!ipv6) return false;
        }
        else if (inner.Length is 0 or > 255 || inner.Any(c => !char.IsLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            return false;

        plain = inner;
        return true;
    }
}
