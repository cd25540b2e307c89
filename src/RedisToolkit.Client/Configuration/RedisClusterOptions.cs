namespace RedisToolkit.Client;

/// <summary>How a client deals with a cluster. Make variants with <c>with</c>.</summary>
public sealed record RedisClusterOptions
{
    /// <summary>Gets how often the slot map is read anew when nothing suggests that it has changed.</summary>
    /// <value>1 s to 1 h; 30 s unless set, give or take a tenth. A redirection, and a node that is lost, have it read at once.</value>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(30);

    internal void CollectFaults(OptionFaults faults, string name) =>
        faults.InRange(RefreshInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), $"{name}.{nameof(RefreshInterval)}");
}
