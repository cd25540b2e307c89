namespace RedisToolkit.Client;

/// <content>The ranges, as the properties' docstrings state them, and the rules between properties.</content>
public sealed partial record RedisClientOptions
{
    /// <summary>More bytes than this do not fit one array of .NET.</summary>
    private static readonly int LongestArray = Array.MaxLength;

    private OptionFaults CollectFaults()
    {
        var faults = new OptionFaults();
        CollectEndpointFaults(faults);
        CollectIdentityFaults(faults);
        CollectLimitFaults(faults);
        CollectTimeFaults(faults);
        faults.Defined(Protocol);
        if (CommandMap is null) faults.Add($"{nameof(CommandMap)} is null; allowed is a map, RedisCommandMap.None for no change");
        if (TimeProvider is null) faults.Add($"{nameof(TimeProvider)} is null; allowed is a clock, TimeProvider.System unless set");
        Tls?.CollectFaults(faults, nameof(Tls));
        Cluster?.CollectFaults(faults, nameof(Cluster));
        Sentinel?.CollectFaults(faults, nameof(Sentinel));
        if (Reconnect is null) faults.Add($"{nameof(Reconnect)} is null; allowed is a policy, new() for the default");
        else Reconnect.CollectFaults(faults, nameof(Reconnect));
        return faults;
    }

    private void CollectEndpointFaults(OptionFaults faults)
    {
        if (Sentinel is not null) return;
        if (Endpoints is null or { Count: 0 })
        {
            faults.Add($"{nameof(Endpoints)} is empty; allowed are 1 or more endpoints");
            return;
        }

        var seen = new HashSet<RedisEndpoint>();
        for (int i = 0; i < Endpoints.Count; i++)
        {
            if (Endpoints[i] is not { } endpoint) faults.Add($"{nameof(Endpoints)}[{i}] is null; allowed is an endpoint");
            else if (!seen.Add(endpoint)) faults.Add($"{nameof(Endpoints)}[{i}] is {endpoint} again; each endpoint is listed once");
            else if (endpoint.UnixSocketPath is not null && Tls is not null)
                faults.Add($"{nameof(Endpoints)}[{i}] is {endpoint} and {nameof(Tls)} is set; servers speak no TLS on a Unix domain socket");
        }
    }

    private void CollectIdentityFaults(OptionFaults faults)
    {
        if (User is "") faults.Add($"{nameof(User)} is empty; allowed is a name, or null for the server's user 'default'");
        if (User?.AsSpan().IndexOfAny("\0\r\n ") >= 0)
            faults.Add($"{nameof(User)} has a space, a line break or a null character; the server allows none in a user's name");
        if (User is not null && Password is null && Credentials is null)
            faults.Add($"{nameof(User)} is set without {nameof(Password)}; set it, to an empty text for a user without a password");
        if (Credentials is not null && (User is not null || Password is not null))
            faults.Add($"{nameof(Credentials)} is set together with {nameof(User)} or {nameof(Password)}; set one or the other");
        faults.InRange(Database, 0, 1_000_000);
        if (Cluster is not null && Sentinel is not null)
            faults.Add($"{nameof(Cluster)} and {nameof(Sentinel)} are both set; a cluster has no sentinels");
        if (Cluster is not null && Database != 0)
            faults.Add($"{nameof(Database)} is {Database} and {nameof(Cluster)} is set; a cluster has only database 0");
        faults.PlainName(ClientName, 256);
        faults.PlainName(LibraryName, 64);
    }

    private void CollectLimitFaults(OptionFaults faults)
    {
        faults.InRange(ConnectionsPerEndpoint, 1, 64);
        faults.InRange(MaxInFlightCommands, 2, 1 << 20);
        faults.InRange(MaxWaitingCommands, 1, 10_000_000);
        faults.InRange(MaxInFlightBytes, 64 << 10, 1 << 30);
        faults.InRange(MaxDedicatedConnections, 1, 10_000);
        faults.InRange(MaxRepeats, 0, 10);
        faults.InRange(MaxReplyBytes, 1 << 10, LongestArray);
        faults.InRange(MaxReplyDepth, 1, 128);
        faults.InRange(MaxReplyElements, 1, 1 << 30);
        faults.InRange(MaxArgumentBytes, 1 << 10, LongestArray);
        faults.InRange(SubscriptionBuffer, 1, 1_000_000);
    }

    private void CollectTimeFaults(OptionFaults faults)
    {
        TimeSpan tenth = TimeSpan.FromMilliseconds(100), minute = TimeSpan.FromMinutes(1), five = TimeSpan.FromMinutes(5);
        faults.InRange(DedicatedIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        faults.InRange(ConnectTimeout, tenth, five);
        faults.InRange(CommandTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        faults.InRange(HeartbeatInterval, tenth, minute);
        faults.InRange(HeartbeatTimeout, tenth, five);
        faults.InRange(DrainTimeout, TimeSpan.Zero, five);
        if (TcpUserTimeout is { } user)
            faults.InRange(user, 2 * tenth, TimeSpan.FromMinutes(15), nameof(TcpUserTimeout));
    }
}
