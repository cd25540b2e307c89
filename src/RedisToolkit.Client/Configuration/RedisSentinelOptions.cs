using System.Text;

namespace RedisToolkit.Client;

/// <summary>
/// How the primary is found through sentinels: which they are, how to sign in to them, and how often they are asked. The credentials and
/// TLS of the servers themselves are those of <see cref="RedisClientOptions"/>.
/// </summary>
public sealed record RedisSentinelOptions
{
    /// <summary>The port that sentinels listen on unless told otherwise: 26379.</summary>
    public const int DefaultPort = 26379;

    // One for all, so that two records as made are equal.
    private static readonly IReadOnlyList<RedisEndpoint> Local = [new RedisEndpoint("localhost", DefaultPort)];

    /// <summary>Gets the name by which the sentinels know the primary: the one behind <c>sentinel monitor</c> in their configuration.</summary>
    /// <value>Letters, digits, <c>.</c>, <c>-</c> and <c>_</c>; must be set.</value>
    public string ServiceName { get; init; } = string.Empty;

    /// <summary>Gets the sentinels to begin with. The others are learned from them.</summary>
    /// <value>1 or more, each once; <c>localhost:26379</c> unless set. Name all of them, so that any one that is up will do.</value>
    public IReadOnlyList<RedisEndpoint> Endpoints { get; init; } = Local;

    /// <summary>Gets the ACL user to sign in to the sentinels as.</summary>
    /// <value>A name, needs <see cref="Password"/>; null, the default, means the user <c>default</c>.</value>
    public string? User { get; init; }

    /// <summary>Gets the password of the sentinels, which is none of the servers'. Never printed.</summary>
    /// <value>Any text; null, the default, means not to sign in to the sentinels.</value>
    public string? Password { get; init; }

    /// <summary>Gets how connections to the sentinels are encrypted.</summary>
    /// <value>Null, the default, means plain text.</value>
    public RedisTlsOptions? Tls { get; init; }

    /// <summary>Gets how long one attempt to connect to a sentinel may take.</summary>
    /// <value>100 ms to 1 min; 2 s unless set.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long a sentinel, or a server that is asked for its role, may take to answer; the others decide without it then.</summary>
    /// <value>50 ms to 1 min; 500 ms unless set.</value>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Gets how often the sentinels are asked, and the primary for its role, although nothing happened: announcements get lost. A jitter of a
    /// quarter is taken off.
    /// </summary>
    /// <value>100 ms to 10 min; 5 s unless set.</value>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how often they are asked while there is no connection to the primary.</summary>
    /// <value>10 ms to 1 min; 200 ms unless set.</value>
    public TimeSpan SearchInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    internal void CollectFaults(OptionFaults faults, string name)
    {
        TimeSpan minute = TimeSpan.FromMinutes(1);
        if (string.IsNullOrEmpty(ServiceName)) faults.Add($"{name}.{nameof(ServiceName)} is empty; allowed is the name that the sentinels monitor, often 'mymaster'");
        else if (ServiceName.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            faults.Add($"{name}.{nameof(ServiceName)} has a character that sentinels do not allow; allowed are letters, digits, '.', '-' and '_'");
        CollectEndpointFaults(faults, name);
        if (User is not null && Password is null) faults.Add($"{name}.{nameof(User)} is set without {nameof(Password)}; set both");
        if (User?.AsSpan().IndexOfAny("\0\r\n ") >= 0 || User is "") faults.Add($"{name}.{nameof(User)} is no name of a user; it is not empty and has no spaces");
        faults.InRange(ConnectTimeout, TimeSpan.FromMilliseconds(100), minute, $"{name}.{nameof(ConnectTimeout)}");
        faults.InRange(AnswerTimeout, TimeSpan.FromMilliseconds(50), minute, $"{name}.{nameof(AnswerTimeout)}");
        faults.InRange(RefreshInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10), $"{name}.{nameof(RefreshInterval)}");
        faults.InRange(SearchInterval, TimeSpan.FromMilliseconds(10), minute, $"{name}.{nameof(SearchInterval)}");
        Tls?.CollectFaults(faults, $"{name}.{nameof(Tls)}");
    }

    /// <summary>The options of the connections to the sentinels.</summary>
    internal RedisClientOptions ForSentinels(RedisClientOptions client) => new RedisClientOptions
    {
        Endpoints = Endpoints,
        User = User,
        Password = Password,
        Tls = Tls,
        ClientName = client.ClientName,
        LibraryName = client.LibraryName,
        ConnectTimeout = ConnectTimeout,
        CommandTimeout = AnswerTimeout,
        HeartbeatInterval = client.HeartbeatInterval,
        HeartbeatTimeout = client.HeartbeatTimeout,
        // A sentinel that is gone is not waited for; it is looked for now and then.
        Reconnect = new RedisReconnectPolicy { MinDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromSeconds(2) },
        LoggerFactory = client.LoggerFactory,
        TimeProvider = client.TimeProvider,
    }.Validated();

    private void CollectEndpointFaults(OptionFaults faults, string name)
    {
        if (Endpoints is null or { Count: 0 })
        {
            faults.Add($"{name}.{nameof(Endpoints)} is empty; allowed are 1 or more sentinels");
            return;
        }

        var seen = new HashSet<RedisEndpoint>();
        for (int i = 0; i < Endpoints.Count; i++)
        {
            if (Endpoints[i] is not { } endpoint) faults.Add($"{name}.{nameof(Endpoints)}[{i}] is null; allowed is an endpoint");
            else if (!seen.Add(endpoint)) faults.Add($"{name}.{nameof(Endpoints)}[{i}] is {endpoint} again; each sentinel is listed once");
        }
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("ServiceName = ").Append(ServiceName).Append(", Endpoints = [").AppendJoin(", ", Endpoints ?? []).Append(']');
        if (User is not null) builder.Append(", User = ").Append(User);
        if (Password is not null) builder.Append(", Password = ***");
        builder.Append(", Tls = ").Append(Tls is null ? "none" : Tls.ToString());
        return true;
    }
}
