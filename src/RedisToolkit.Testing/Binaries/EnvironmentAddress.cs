using System.Net.Sockets;

namespace RedisToolkit.Testing;

/// <summary>
/// A running server named in the environment: <c>REDISTOOLKIT_TEST_SERVER_REDIS</c>, <c>_VALKEY</c> and <c>_REDIS7</c> for one flavour each, whatever its
/// version; <c>REDISTOOLKIT_TEST_SERVER</c> for the flavour that it turns out to be.
/// </summary>
internal static class EnvironmentAddress
{
    internal const string General = "REDISTOOLKIT_TEST_SERVER";

    private static readonly TimeSpan AskBound = TimeSpan.FromSeconds(5);

    internal static async Task<ExternalServer?> FindAsync(
        SearchEnvironment environment, FlavorFacts facts, List<string> tried, CancellationToken cancellationToken)
    {
        string variable = environment.Variable(facts.Variable) is { Length: > 0 } ? facts.Variable : General;
        if (environment.Variable(variable) is not { Length: > 0 } text)
        {
            tried.Add($"{facts.Variable} and {General} are not set");
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var given) || given.Scheme != "redis" || given.Host.Length == 0)
            throw new RedisServerStartException($"{variable} is no address of the form redis://[user:password@]host:port.");
        var address = given.IsDefaultPort || given.Port < 0 ? new UriBuilder(given) { Port = 6379 }.Uri : given;

        var (product, version) = await AskAsync(variable, address, cancellationToken).ConfigureAwait(false);
        string description = $"{product} {version} at {address.Host}:{address.Port} ({variable})";
        if (variable == General && !facts.Fits(product, version))
        {
            tried.Add($"{General}: {address.Host}:{address.Port} is {product} {version}, and {facts.Name} is wanted; name one in {facts.Variable}");
            return null;
        }

        return new ExternalServer(description, version, address, variable);
    }

    private static async Task<(string Product, Version Version)> AskAsync(string variable, Uri address, CancellationToken cancellationToken)
    {
        var node = new RedisNode(new ExternalServer("", null, address, variable));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(AskBound);
            string info = (await node.CommandAsync(["INFO", "server"], limit.Token).ConfigureAwait(false)).Text ?? "";
            var lines = info.Split('\n').Select(line => line.Trim().Split(':', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1]);
            // Valkey says redis_version too, that of the Redis it is compatible with.
            bool valkey = lines.TryGetValue("valkey_version", out string? number);
            return Version.TryParse(number ?? lines.GetValueOrDefault("redis_version"), out var version)
                ? (valkey ? "Valkey" : "Redis", version)
                : throw new RedisServerStartException($"{variable}: the server at {address.Host}:{address.Port} says no version in INFO.");
        }
        catch (Exception failed) when (failed is SocketException or IOException or CommandException or OperationCanceledException or TimeoutException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RedisServerStartException($"{variable} names {address.Host}:{address.Port}, but the server there does not answer INFO: {failed.Message}", failed);
        }
    }
}
