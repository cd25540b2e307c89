namespace RedisToolkit.Testing;

/// <summary>All nodes of one server, in one folder: made together, gone together.</summary>
internal sealed class NodeSet : IAsyncDisposable
{
    private readonly List<int> _ports = [];

    internal NodeSet(RedisServerOptions options, ServerSource source)
    {
        Options = options;
        Source = source;
        Deadline = new Deadline(options.StartTimeout);
        Root = Directory.CreateTempSubdirectory("redistoolkit-").FullName;
        if (options.Tls != RedisTls.None) Certificates = RedisCertificates.Create(Path.Combine(Root, "tls"));
    }

    internal RedisServerOptions Options { get; }

    internal ServerSource Source { get; }

    /// <summary>By when the set must be ready.</summary>
    internal Deadline Deadline { get; }

    internal string Root { get; }

    internal RedisCertificates? Certificates { get; }

    internal List<RedisNode> Nodes { get; } = [];

    internal bool InContainer => Source is DockerImage;

    /// <summary>Takes a port that is given back with the set.</summary>
    internal int TakePort()
    {
        int port = FreePort.Take();
        _ports.Add(port);
        return port;
    }

    /// <summary>Makes a node with a folder, a port and a configuration file; it is not started yet.</summary>
    internal RedisNode Add(RedisRole role, string name, Action<NodeConfiguration> configure, int? port = null)
    {
        var node = new RedisNode(this, role, Path.Combine(Root, name), port ?? TakePort());
        var text = new NodeConfiguration(Options, node.Port, InContainer);
        configure(text);
        Directory.CreateDirectory(node.Directory!);
        File.WriteAllText(Path.Combine(node.Directory!, NodeConfiguration.FileName), text.ToString());
        if (Certificates is not null) CopyCertificates(node.Directory!);
        Nodes.Add(node);
        return node;
    }

    /// <summary>Starts nodes side by side and waits until each answers.</summary>
    internal static Task StartAllAsync(IEnumerable<RedisNode> nodes, CancellationToken cancellationToken) =>
        Task.WhenAll(nodes.Select(node => node.StartAsync(cancellationToken)));

    /// <summary>Asks again and again until a condition holds.</summary>
    /// <param name="problem">Null when the condition holds; otherwise what is missing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RedisServerStartException">It did not hold in time.</exception>
    internal async Task WaitUntilAsync(Func<CancellationToken, Task<string?>> problem, CancellationToken cancellationToken)
    {
        while (await problem(cancellationToken).ConfigureAwait(false) is { } missing)
        {
            if (Deadline.IsOver)
            {
                throw new RedisServerStartException(
                    $"The {Options.Topology} set was not ready within StartTimeout, {Deadline.Bound.TotalSeconds:0.#} s: {missing}\n{LogTails()}");
            }

            await Task.Delay(10, cancellationToken).ConfigureAwait(false);
        }
    }

    internal string LogTails() => string.Join("\n", Nodes.Select(node => node.LogTail()));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.EndAsync())).ConfigureAwait(false);
        await DeleteFolderAsync(Root).ConfigureAwait(false);
        Certificates?.Dispose();
        foreach (int port in _ports) FreePort.Return(port);
    }

    private static async Task DeleteFolderAsync(string folder)
    {
        var deadline = new Deadline(TimeSpan.FromSeconds(5));
        while (Directory.Exists(folder))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // A file went away on its own while the folder was being emptied; the loop looks whether the folder is still there.
            }
            catch (Exception failed) when ((failed is IOException or UnauthorizedAccessException) && !deadline.IsOver)
            {
                // A child of the server (saving, rewriting) was just writing its last file.
                await Task.Delay(20).ConfigureAwait(false);
            }
        }
    }

    private void CopyCertificates(string directory)
    {
        string own = Directory.CreateDirectory(Path.Combine(directory, "tls")).FullName;
        foreach (string file in new[] { "ca.crt", "server.crt", "server.key" })
            File.Copy(Path.Combine(Root, "tls", file), Path.Combine(own, file));
    }
}
