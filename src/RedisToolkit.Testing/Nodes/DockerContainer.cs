namespace RedisToolkit.Testing;

/// <summary>A container by its name, steered through Docker's command line.</summary>
internal sealed record DockerContainer(string Docker, string Name)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <exception cref="InvalidOperationException">Docker's command line failed.</exception>
    internal async Task RunAsync(string verb)
    {
        var ran = await ToolRun.RunAsync(Docker, [verb, Name], Bound).ConfigureAwait(false);
        if (!ran.Succeeded) throw new InvalidOperationException($"docker {verb} {Name} failed: {ran.LastWords}");
    }
}
