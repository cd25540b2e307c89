namespace RedisToolkit.Client;

/// <summary>The style of StackExchange.Redis: hosts and <c>key=value</c> pairs between commas.</summary>
internal static class CommaConnectionString
{
    private const int TlsPort = 6380;   // what StackExchange.Redis assumes; the port of Azure's servers

    internal static RedisClientOptions Read(string text)
    {
        var settings = new ConnectionSettings(uri: false);
        var hosts = new List<(int Item, string Text)>();
        string[] items = text.Split(',', StringSplitOptions.TrimEntries);
        for (int i = 0; i < items.Length; i++)
        {
            string item = items[i];
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            if (item.Length is 0) continue;
            if (equals < 0) hosts.Add((i + 1, settings.HasPassword ? throw AfterPassword(i + 1) : item));
            else if (item[0] is '$') settings.Rename(item[1..equals].TrimEnd(), item[(equals + 1)..].TrimStart());
            else settings.Set(item[..equals].TrimEnd(), item[(equals + 1)..].TrimStart());
        }

        if (hosts.Count is 0) throw new FormatException("The connection string names no host; write host:port before the settings.");
        foreach ((int item, string host) in hosts) settings.AddEndpoint(ReadEndpoint(item, host, settings));
        return settings.Build();
    }

    private static RedisEndpoint ReadEndpoint(int item, string text, ConnectionSettings settings)
    {
        if (text is ['!', _, ..]) return RedisEndpoint.TryParse("unix://" + text[1..], out RedisEndpoint? unix) ? unix : throw NoHost(item);
        int defaultPort = settings.HostsAreSentinels ? RedisSentinelOptions.DefaultPort : settings.Tls is true ? TlsPort : RedisEndpoint.DefaultPort;
        return RedisEndpoint.TryParse(text, defaultPort, out RedisEndpoint? endpoint) ? endpoint : throw NoHost(item);
    }

    // It would be looked up as a host, and shown in errors; more likely it is the rest of a password with a comma.
    private static FormatException AfterPassword(int item) => new(
        $"Item {item} between the commas is no setting (key=value) and stands after the password. If it belongs to a password with a comma, use the URI " +
        "style with %2C, or set RedisClientOptions.Password; if it is a host, write it before the password.");

    private static FormatException NoHost(int item) => new(
        $"Item {item} between the commas is neither a host (host, host:port, [ipv6]:port) nor a setting (key=value). If it belongs to a " +
        "password with a comma, use the URI style with %2C, or set RedisClientOptions.Password.");
}
