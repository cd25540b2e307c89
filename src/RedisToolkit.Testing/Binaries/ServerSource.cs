namespace RedisToolkit.Testing;

/// <summary>Where a server comes from.</summary>
/// <param name="Description">For messages: what it is and where it was found.</param>
/// <param name="Version">The server's version; null if it was not asked.</param>
internal abstract record ServerSource(string Description, Version? Version);

/// <summary>A server that runs already, at an address given in the environment.</summary>
internal sealed record ExternalServer(string Description, Version? Version, Uri Address, string Variable) : ServerSource(Description, Version);

/// <summary>A program of this machine.</summary>
/// <param name="Description">For messages: what it is and where it was found.</param>
/// <param name="Version">The server's version.</param>
/// <param name="CommandLine">The program and what stands before the server's own arguments: a loader of its own and its library path, where it has one.</param>
internal sealed record LocalBinary(string Description, Version? Version, IReadOnlyList<string> CommandLine) : ServerSource(Description, Version);

/// <summary>An image for Docker's command line.</summary>
/// <param name="Description">For messages: what it is.</param>
/// <param name="Docker">The path of Docker's command line.</param>
/// <param name="Image">The image's name.</param>
/// <param name="ServerProgram">The server's program in the image.</param>
/// <param name="User">This user and group, <c>id:id</c>: the node's folder is theirs alone. Null on Windows, where Docker maps them.</param>
internal sealed record DockerImage(string Description, string Docker, string Image, string ServerProgram, string? User) : ServerSource(Description, null)
{
    /// <summary>The command line that runs the server in a container, up to the server's own arguments. The node's folder is the container's working folder.</summary>
    internal string[] Run(string name, string directory, int port) =>
    [
        Docker, "run", "--rm", "--name", name, .. User is null ? Array.Empty<string>() : ["--user", User],
        "--publish", $"127.0.0.1:{port}:{port}", "--volume", $"{directory}:/data", "--workdir", "/data", Image, ServerProgram,
    ];
}
