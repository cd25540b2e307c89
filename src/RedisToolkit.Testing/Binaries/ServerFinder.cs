using System.Collections.Concurrent;
using System.Text;

namespace RedisToolkit.Testing;

/// <summary>Finds a server of a flavour; where none is found, says everything that was tried.</summary>
internal sealed class ServerFinder(SearchEnvironment environment)
{
    private readonly ConcurrentDictionary<RedisFlavor, LocalBinary> _found = new();

    /// <summary>The finder of this process: what it found once it does not look for again.</summary>
    internal static ServerFinder Shared { get; } = new(SearchEnvironment.Machine);

    internal async Task<ServerSource> FindAsync(RedisFlavor flavor, CancellationToken cancellationToken)
    {
        var facts = FlavorFacts.Of(flavor);
        var tried = new List<string>();
        if (await EnvironmentAddress.FindAsync(environment, facts, tried, cancellationToken).ConfigureAwait(false) is { } external) return external;
        if (_found.TryGetValue(flavor, out var known)) return known;

        ServerSource? source = null;
        if (OperatingSystem.IsWindows())
        {
            tried.Add("PATH, unpacked copies, Debian's archive: these need /bin/sh, which Windows has not");
        }
        else
        {
            source = await PathSearch.FindAsync(environment, facts, tried, cancellationToken).ConfigureAwait(false)
                ?? await UnpackedCopy.FindAsync(environment, facts, tried, cancellationToken).ConfigureAwait(false);
        }

        source ??= await DockerEngine.FindAsync(environment, facts, tried, cancellationToken).ConfigureAwait(false);
        if (source is null && !OperatingSystem.IsWindows())
            source = await AptArchive.FindAsync(environment, facts, tried, cancellationToken).ConfigureAwait(false);
        if (source is LocalBinary binary) _found[flavor] = binary;
        return source ?? throw new RedisServerStartException(NothingFound(facts, tried));
    }

    private static string NothingFound(FlavorFacts facts, List<string> tried)
    {
        var text = new StringBuilder($"No {facts.Name} server was found for the test. Tried, in this order:");
        for (int i = 0; i < tried.Count; i++) text.Append($"\n  {i + 1}. {tried[i]}");
        text.Append($"\nInstall {facts.Program} {facts.Series}.x on the PATH, start a Docker engine, let the machine reach Debian's archive, ");
        text.Append($"or set {facts.Variable} to the address of a running server (redis://host:port).");
        return text.ToString();
    }
}
