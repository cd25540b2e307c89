using System.Net.Sockets;
using System.Security.Authentication;

namespace RedisToolkit.Testing;

public sealed partial class RedisNode
{
    /// <summary>Kills the process at once (<c>SIGKILL</c>), also a paused one, and waits until it is gone. What it had written to disk stays.</summary>
    /// <exception cref="InvalidOperationException">It is down, or was given in the environment.</exception>
    public async Task KillAsync()
    {
        await Running(nameof(KillAsync)).KillAsync().ConfigureAwait(false);
        _paused = false;
    }

    /// <summary>Stops the process (<c>SIGSTOP</c>): connections stay open and new ones are taken by the system, but nothing is answered.</summary>
    /// <exception cref="InvalidOperationException">It is down, or was given in the environment.</exception>
    public async Task PauseAsync()
    {
        await Running(nameof(PauseAsync)).PauseAsync().ConfigureAwait(false);
        _paused = true;
    }

    /// <summary>Lets a paused process go on (<c>SIGCONT</c>); it then answers what has come in meanwhile.</summary>
    /// <exception cref="InvalidOperationException">It is down, or was given in the environment.</exception>
    public async Task ResumeAsync()
    {
        await Running(nameof(ResumeAsync)).ResumeAsync().ConfigureAwait(false);
        _paused = false;
    }

    /// <summary>Shuts the server down in order (<c>SHUTDOWN</c>) and waits until it is gone; a paused one is resumed first.</summary>
    /// <param name="keepData">Whether the next start has the data: true saves it, false removes it from disk.</param>
    /// <param name="cancellationToken">Ends the wait; the server then may or may not end.</param>
    /// <exception cref="InvalidOperationException">It is down, or was given in the environment, or <c>SHUTDOWN</c> was renamed away and the data should be kept.</exception>
    public async Task StopAsync(bool keepData = false, CancellationToken cancellationToken = default)
    {
        var process = Running(nameof(StopAsync));
        if (_paused) await ResumeAsync().ConfigureAwait(false);
        if (NameNow("SHUTDOWN") is { } shutdown)
        {
            string[] command = Role == RedisRole.Sentinel ? [shutdown] : [shutdown, keepData ? "SAVE" : "NOSAVE", "NOW"];
            try
            {
                await CommandAsync(command, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception closed) when (closed is IOException or SocketException)
            {
                // This is how SHUTDOWN answers: the connection closes.
            }
        }
        else if (keepData)
        {
            throw new InvalidOperationException("StopAsync(keepData: true) needs SHUTDOWN, which RenamedCommands disables. Give it another name instead of none.");
        }
        else
        {
            await process.TerminateAsync().ConfigureAwait(false);
        }

        await process.WaitForEndAsync().ConfigureAwait(false);
        if (!keepData) RemoveData();
    }

    /// <summary>Starts the process again, on the same port and with what is on disk, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It runs already, or was given in the environment.</exception>
    /// <exception cref="RedisServerStartException">It did not come up; the message has the last lines of its log.</exception>
    /// <remarks>In a set it may take longer until it has its place again: attached to its primary, known to its cluster.</remarks>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var set = Owned(nameof(StartAsync));
        if (IsRunning) throw new InvalidOperationException($"StartAsync: the server at {Host}:{Port} runs already.");
        DockerContainer? container = null;
        string[] commandLine;
        string[] arguments = Role == RedisRole.Sentinel ? [NodeConfiguration.FileName, "--sentinel"] : [NodeConfiguration.FileName];
        if (set.Source is DockerImage image)
        {
            container = new DockerContainer(image.Docker, $"redistoolkit-{Guid.NewGuid():N}");
            commandLine = [.. image.Run(container.Name, Directory!, Port), .. arguments];
        }
        else
        {
            commandLine = [.. ((LocalBinary)set.Source).CommandLine, .. arguments];
        }

        _paused = false;
        _process = NodeProcess.Start(commandLine, Directory!, set.Root, container);
        await WaitUntilUpAsync(_process, new Deadline(set.Options.StartTimeout), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the server in order if it runs, and starts it again on the same port.</summary>
    /// <param name="keepData">Whether it comes back with its data. After <see cref="KillAsync"/>, data that was never written to disk is lost all the same.</param>
    /// <param name="cancellationToken">Ends the wait; the server may then be down.</param>
    /// <exception cref="InvalidOperationException">It was given in the environment.</exception>
    /// <exception cref="RedisServerStartException">It did not come up; the message has the last lines of its log.</exception>
    public async Task RestartAsync(bool keepData, CancellationToken cancellationToken = default)
    {
        _ = Owned(nameof(RestartAsync));
        if (IsRunning) await StopAsync(keepData, cancellationToken).ConfigureAwait(false);
        else if (!keepData) RemoveData();
        await StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the process for good, in whatever state it is.</summary>
    internal async Task EndAsync()
    {
        if (_process is { HasEnded: false } running) await running.KillAsync().ConfigureAwait(false);
    }

    private void RemoveData()
    {
        foreach (string file in System.IO.Directory.EnumerateFiles(Directory!, "*.rdb")) File.Delete(file);
        string appendOnly = Path.Combine(Directory!, "appendonlydir");
        if (System.IO.Directory.Exists(appendOnly)) System.IO.Directory.Delete(appendOnly, recursive: true);
    }

    /// <summary>Waits until the process we started, and not another that has got its port, answers.</summary>
    private async Task WaitUntilUpAsync(NodeProcess process, Deadline deadline, CancellationToken cancellationToken)
    {
        Exception? last = null;
        while (!deadline.IsOver)
        {
            if (process.HasEnded) throw await EndedEarlyAsync(process).ConfigureAwait(false);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                var connection = await CommandConnection.OpenAsync(Target(), limit.Token).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                    if (await IsItAsync(connection, process, limit.Token).ConfigureAwait(false)) return;
            }
            catch (Exception early) when (early is SocketException or IOException or AuthenticationException or CommandException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                last = early; // not listening yet, loading, or somebody else's server on this port
            }

            await Task.Delay(3, cancellationToken).ConfigureAwait(false);
        }

        string waited = $"{this} did not answer within StartTimeout, {deadline.Bound.TotalSeconds:0.#} s ({last?.Message ?? "no answer"})";
        throw new RedisServerStartException($"{waited}. {_set!.Source.Description}. {LogTail()}", last);
    }

    private async Task<bool> IsItAsync(CommandConnection connection, NodeProcess process, CancellationToken cancellationToken)
    {
        if (NameNow("INFO") is not { } info)
        {
            await connection.SendAsync([NameNow("PING") ?? "ECHO", "up"], cancellationToken).ConfigureAwait(false);
            return true;
        }

        // INFO is answered while data is still being loaded, when other commands are not.
        string[] command = Role == RedisRole.Sentinel ? [info, "server"] : [info, "server", "persistence"];
        string text = (await connection.SendAsync(command, cancellationToken).ConfigureAwait(false)).Text ?? "";
        if (text.Contains("loading:1", StringComparison.Ordinal)) return false;
        if (!process.IsLocal) return true;
        string id = text.Split('\n').FirstOrDefault(line => line.StartsWith("process_id:", StringComparison.Ordinal), "").Trim();
        return id == $"process_id:{process.Id}";
    }

    private async Task<Exception> EndedEarlyAsync(NodeProcess process)
    {
        int code = await process.Ended.ConfigureAwait(false);
        string log = LogTail();
        string message = $"{this} ended with code {code} instead of starting. {_set!.Source.Description}. {log}";
        bool taken = log.Contains("Address already in use", StringComparison.Ordinal) || log.Contains("port is already allocated", StringComparison.Ordinal);
        return taken ? new PortTakenException(message) : new RedisServerStartException(message);
    }
}
