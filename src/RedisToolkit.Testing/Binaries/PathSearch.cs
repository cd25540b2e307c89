namespace RedisToolkit.Testing;

/// <summary>Looks for the server's program on the PATH and asks it for its version.</summary>
internal static class PathSearch
{
    internal static async Task<LocalBinary?> FindAsync(
        SearchEnvironment environment, FlavorFacts facts, List<string> tried, CancellationToken cancellationToken)
    {
        if (environment.FindProgram(facts.Program) is not { } path)
        {
            tried.Add($"PATH: no {facts.Program}");
            return null;
        }

        return await CheckAsync([path], $"{facts.Program} on the PATH", facts, tried, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a server's program with <c>--version</c>.</summary>
    /// <returns>The program, if its version fits; otherwise null, and the reason is in <paramref name="tried"/>.</returns>
    internal static async Task<LocalBinary?> CheckAsync(
        IReadOnlyList<string> commandLine, string where, FlavorFacts facts, List<string> tried, CancellationToken cancellationToken)
    {
        var asked = await ToolRun.RunAsync(commandLine[0], [.. commandLine.Skip(1), "--version"], TimeSpan.FromSeconds(10), null, cancellationToken).ConfigureAwait(false);
        if (FlavorFacts.ReadVersion(asked.Output) is not { } answer)
        {
            tried.Add($"{where}: {commandLine[^1]} --version gave no version ({asked.LastWords})");
            return null;
        }

        if (!facts.Fits(answer.Product, answer.Version))
        {
            tried.Add($"{where}: {commandLine[^1]} is {answer.Product} {answer.Version}, and {facts.Name} is wanted");
            return null;
        }

        return new LocalBinary($"{answer.Product} {answer.Version} ({where}: {commandLine[^1]})", answer.Version, commandLine);
    }
}
