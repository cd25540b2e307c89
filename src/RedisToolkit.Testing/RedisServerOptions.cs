namespace RedisToolkit.Testing;

/// <summary>What kind of server a test wants. Make variants with <c>with</c>.</summary>
public sealed record RedisServerOptions
{
    /// <summary>Gets the server to start.</summary>
    /// <value><see cref="RedisFlavor.Redis"/> unless set.</value>
    public RedisFlavor Flavor { get; init; } = RedisFlavor.Redis;

    /// <summary>Gets the shape of the set.</summary>
    /// <value><see cref="RedisTopology.Standalone"/> unless set.</value>
    public RedisTopology Topology { get; init; } = RedisTopology.Standalone;

    /// <summary>Gets how many replicas each primary has.</summary>
    /// <value>0 to 5. Null, the default, means 2 in <see cref="RedisTopology.Replicated"/> and <see cref="RedisTopology.Sentinel"/>, 1 in
    /// <see cref="RedisTopology.Cluster"/>; a standalone server has none.</value>
    public int? Replicas { get; init; }

    /// <summary>Gets how many primaries a cluster has.</summary>
    /// <value>3 to 10; 3 unless set. Fewer than 3 could not vote out a dead one.</value>
    public int Primaries { get; init; } = 3;

    /// <summary>Gets how many sentinels watch the primary. More than half of them must agree that it is down.</summary>
    /// <value>1 to 9; 3 unless set.</value>
    public int Sentinels { get; init; } = 3;

    /// <summary>Gets the name by which sentinels know the primary.</summary>
    /// <value><c>mymaster</c> unless set; letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.</value>
    public string ServiceName { get; init; } = "mymaster";

    /// <summary>Gets how long a primary must be silent before a sentinel calls it down.</summary>
    /// <value>100 ms to 1 min; 1.5 s unless set. At 1 s and below, which is the sentinels' own ping period, a second failover may follow the first.</value>
    public TimeSpan DownAfter { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Gets how long a cluster's node must be silent before the others call it down.</summary>
    /// <value>100 ms to 1 min; 2 s unless set.</value>
    public TimeSpan ClusterNodeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets the password of the default user, and of the links between the nodes.</summary>
    /// <value>Null, the default, means none.</value>
    public string? Password { get; init; }

    /// <summary>Gets the password of the sentinels themselves, as clients and the other sentinels give it.</summary>
    /// <value>Null, the default, means none.</value>
    public string? SentinelPassword { get; init; }

    /// <summary>Gets the users besides the default one.</summary>
    /// <value>None unless set. Sentinels do not have them.</value>
    public IReadOnlyList<RedisUser> Users { get; init; } = [];

    /// <summary>Gets whether connections are encrypted. The certificates are made for this server alone and are in <see cref="RedisServer.Certificates"/>.</summary>
    /// <value><see cref="RedisTls.None"/> unless set. With TLS there is no plain port; nodes talk TLS to one another too.</value>
    public RedisTls Tls { get; init; } = RedisTls.None;

    /// <summary>Gets whether each node also listens on a unix socket, <see cref="RedisNode.UnixSocketPath"/>.</summary>
    /// <value>False unless set. Needs a server on this machine (no Docker); sentinels have none.</value>
    public bool UnixSocket { get; init; }

    /// <summary>Gets new names for commands, by their old ones; an empty new name disables the command.</summary>
    /// <value>None unless set. Commands that the nodes of a set say to one another keep their names in every topology but standalone.</value>
    public IReadOnlyDictionary<string, string> RenamedCommands { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets further lines of the configuration file, name to value as that file spells them (a value with blanks needs its own quotes).</summary>
    /// <value>None unless set. They come last, so they win over this package's own lines; names that have an option here are refused. Sentinels do not get them.</value>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets what data survives the death of a server.</summary>
    /// <value><see cref="RedisPersistence.None"/> unless set.</value>
    public RedisPersistence Persistence { get; init; } = RedisPersistence.None;

    /// <summary>Gets how long the processes may take until the whole set is ready. Finding and fetching a server's binary does not count.</summary>
    /// <value>1 s to 10 min; 60 s unless set.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    internal int ReplicasOfEach => Topology switch
    {
        RedisTopology.Standalone => 0,
        RedisTopology.Cluster => Replicas ?? 1,
        _ => Replicas ?? 2,
    };

    internal RedisServerOptions Validated()
    {
        OptionsCheck.Run(this);
        return this;
    }

    private bool PrintMembers(System.Text.StringBuilder text)
    {
        // A record prints all it holds; passwords stay out of logs.
        text.Append(nameof(Flavor)).Append(" = ").Append(Flavor).Append(", ").Append(nameof(Topology)).Append(" = ").Append(Topology);
        text.Append(", ").Append(nameof(Tls)).Append(" = ").Append(Tls).Append(", ").Append(nameof(Persistence)).Append(" = ").Append(Persistence);
        return true;
    }
}
