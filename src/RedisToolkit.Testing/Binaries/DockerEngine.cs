namespace RedisToolkit.Testing;

/// <summary>Docker's command line, where an engine answers it.</summary>
internal static class DockerEngine
{
    internal static async Task<DockerImage?> FindAsync(
        SearchEnvironment environment, FlavorFacts facts, List<string> tried, CancellationToken cancellationToken)
    {
        if (environment.FindProgram("docker") is not { } docker)
        {
            tried.Add("Docker: no docker on the PATH");
            return null;
        }

        var info = await ToolRun.RunAsync(docker, ["info", "--format", "{{.OSType}}"], TimeSpan.FromSeconds(5), null, cancellationToken).ConfigureAwait(false);
        if (!info.Succeeded || info.Output.Trim() != "linux")
        {
            tried.Add($"Docker: the engine does not answer, or runs no Linux containers ({(info.Succeeded ? info.Output.Trim() : info.LastWords)})");
            return null;
        }

        var image = await ToolRun.RunAsync(docker, ["image", "inspect", "--format", "ok", facts.Image], TimeSpan.FromSeconds(10), null, cancellationToken).ConfigureAwait(false);
        if (!image.Succeeded)
        {
            var pull = await ToolRun.RunAsync(docker, ["pull", "--quiet", facts.Image], TimeSpan.FromMinutes(5), null, cancellationToken).ConfigureAwait(false);
            if (!pull.Succeeded)
            {
                tried.Add($"Docker: the image {facts.Image} cannot be pulled ({pull.LastWords})");
                return null;
            }
        }

        string? user = null;
        if (!OperatingSystem.IsWindows())
        {
            var id = await ToolRun.RunAsync("/bin/sh", ["-c", "echo $(id -u):$(id -g)"], TimeSpan.FromSeconds(5), null, cancellationToken).ConfigureAwait(false);
            user = id.Output.Trim();
        }

        return new DockerImage($"{facts.Name} (Docker image {facts.Image})", docker, facts.Image, facts.Program, user);
    }
}
