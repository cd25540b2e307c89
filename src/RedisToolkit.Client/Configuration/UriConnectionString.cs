using System.Text;

namespace RedisToolkit.Client;

/// <summary>The URI style: <c>scheme://user:password@host:port,host:port/database?key=value</c>.</summary>
internal static class UriConnectionString
{
    private const string OfCluster = "+cluster";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private enum Scheme
    {
        Tcp,
        Tls,
        Unix,
        Sentinel,
        SentinelTls,
    }

    internal static RedisClientOptions Read(string text, int schemeLength)
    {
        Scheme scheme = ReadScheme(text[..schemeLength]);
        string rest = text[(schemeLength + 3)..];
        if (rest.Contains('#', StringComparison.Ordinal))
            throw new FormatException("The connection string has a '#', which ends a URI; in a password it is written %23.");

        var settings = new ConnectionSettings(uri: true) { Tls = scheme is Scheme.Tls or Scheme.SentinelTls, HostsAreSentinels = scheme is Scheme.Sentinel or Scheme.SentinelTls };
        if (text[..schemeLength].EndsWith(OfCluster, StringComparison.OrdinalIgnoreCase)) settings.Options = settings.Options with { Cluster = new() };
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string query = question < 0 ? "" : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        string path = slash < 0 ? "" : rest[(slash + 1)..];
        if (scheme is not Scheme.Unix && !authority.Contains('@', StringComparison.Ordinal) && (path + query).Contains('@', StringComparison.Ordinal))
            throw new FormatException("The connection string has an '@' after the first '/' or '?'; in a password these are written %40, %2F and %3F.");

        string hosts = ReadUser(authority, settings);
        if (scheme is Scheme.Unix) ReadSocket(hosts, path, settings);
        else ReadHosts(hosts, path, settings);

        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string key = Decode(equals < 0 ? pair : pair[..equals], "a key after the '?'");
            settings.Set(key, equals < 0 ? "" : Decode(pair[(equals + 1)..], "a value after the '?'"));
        }

        return settings.Build();
    }

    private static Scheme ReadScheme(string scheme) => scheme.ToLowerInvariant() switch
    {
        "redis" or "valkey" or "redis+cluster" or "valkey+cluster" => Scheme.Tcp,
        "rediss" or "valkeys" or "rediss+cluster" or "valkeys+cluster" => Scheme.Tls,
        "redis+sentinel" or "redis-sentinel" or "valkey+sentinel" => Scheme.Sentinel,
        "rediss+sentinel" or "rediss-sentinel" or "valkeys+sentinel" => Scheme.SentinelTls,
        "unix" or "redis+socket" or "redis-socket" or "valkey+socket" => Scheme.Unix,
        _ => throw new FormatException(
            "The connection string begins with a scheme that is unknown; known are redis://, rediss:// (TLS), unix://, " +
            "redis+cluster:// and redis+sentinel:// (with TLS rediss+sentinel://), likewise valkey:// and so on."),
    };

    private static string ReadUser(string authority, ConnectionSettings settings)
    {
        int at = authority.LastIndexOf('@');
        if (at < 0) return authority;

        string user = authority[..at];
        int colon = user.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw new FormatException("What stands before the '@' has no colon; write user:password@, or :password@ without a user.");
        settings.SignIn(Decode(user[..colon], "the user"), Decode(user[(colon + 1)..], "the password"));
        return authority[(at + 1)..];
    }

    private static void ReadSocket(string hosts, string path, ConnectionSettings settings)
    {
        if (hosts.Length > 0)
            throw new FormatException("A Unix domain socket has no host; write three slashes, as in unix:///run/redis.sock.");
        string decoded = "/" + Decode(path, "the path");
        if (path.Length is 0 || !RedisEndpoint.TryParse("unix://" + decoded, out RedisEndpoint? endpoint))
            throw new FormatException("The connection string has no path of a socket; write unix:///run/redis.sock.");
        settings.AddEndpoint(endpoint);
    }

    private static void ReadHosts(string hosts, string path, ConnectionSettings settings)
    {
        int defaultPort = settings.HostsAreSentinels ? RedisSentinelOptions.DefaultPort : RedisEndpoint.DefaultPort;
        string[] items = hosts.Split(',');
        for (int i = 0; i < items.Length; i++)
        {
            if (!RedisEndpoint.TryParse(Decode(items[i], "the host"), defaultPort, out RedisEndpoint? endpoint) || endpoint.UnixSocketPath is not null)
                throw new FormatException(
                    $"Host {i + 1} of the connection string is none; write host, host:port or [ipv6]:port, several with commas. A password with " +
                    "one of / ? # @ : , % is written in percent codes, as in %2F.");
            settings.AddEndpoint(endpoint);
        }

        if (settings.HostsAreSentinels)
        {
            string name = path;
            int slash = path.IndexOf('/', StringComparison.Ordinal);
            (name, path) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
            if (name.Length is 0)
                throw new FormatException("The connection string does not name what the sentinels monitor; write redis+sentinel://sentinel1,sentinel2/mymaster/0, by the name in their configuration.");
            settings.Set("service_name", Decode(name, "the name of the primary"));
        }

        if (path.Length > 0) settings.Set("database", Decode(path, "the database"));
    }

    /// <summary>
    /// Turns percent codes into text. <see cref="Uri.UnescapeDataString(string)"/> would leave a faulty code as it is, and a password wrong.
    /// </summary>
    private static string Decode(string text, string part)
    {
        if (!text.Contains('%', StringComparison.Ordinal)) return text;
        try
        {
            byte[] bytes = StrictUtf8.GetBytes(text);
            int length = 0;
            for (int i = 0; i < bytes.Length; i++)
            {
                byte next = bytes[i];
                if (next is (byte)'%')
                {
                    if (i + 2 >= bytes.Length) throw Faulty(part);
                    next = Convert.FromHexString([(char)bytes[i + 1], (char)bytes[i + 2]])[0];
                    i += 2;
                }

                bytes[length++] = next;
            }

            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw Faulty(part);     // the cause is left out: its message may quote the text
        }
    }

    private static FormatException Faulty(string part) =>
        new($"In {part}, a '%' is not followed by two hexadecimal digits of UTF-8 text; a '%' itself is written %25.");
}
