using System.Diagnostics;

namespace RedisToolkit.Testing;

/// <summary>
/// A server's process, together with a guard that outlives this one: a shell that reads from a pipe this process holds open. When this process dies, however
/// it dies, the pipe ends, and the guard kills the server (a stopped one too) and removes its folder.
/// </summary>
internal sealed class NodeProcess
{
    // The shell becomes the server by exec, so the process id is the server's. The guard keeps the pipe as descriptor 3; it ignores the signals
    // that a terminal sends to all of its processes. A dead process that nobody has waited for is still an id, but has no program any more.
    // "done" means that the server has ended already and its id may belong to somebody else.
    private const string Script = """
        root=$1; docker=$2; container=$3; shift 3
        server=$$
        alive() { kill -0 $server && { [ ! -d /proc/self ] || [ -e /proc/$server/exe ]; }; }
        exec 3<&0
        (
          trap '' INT TERM HUP QUIT
          read -r word <&3
          [ "$word" = done ] && exit 0
          if [ -n "$container" ]; then "$docker" rm -f "$container"; fi
          kill -9 $server
          tries=0
          while alive && [ $tries -lt 40 ]; do sleep 0.05; tries=$((tries + 1)); done
          cd /
          rm -rf "$root"
        ) >/dev/null 2>&1 &
        exec "$@" </dev/null >>server.log 2>&1 3<&-
        """;

    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly DockerContainer? _container;

    private NodeProcess(Process process, DockerContainer? container)
    {
        _process = process;
        _container = container;
        Id = process.Id;
        Ended = WatchAsync();
    }

    internal int Id { get; }

    /// <summary>Whether <see cref="Id"/> is the server's own process, not that of Docker's command line.</summary>
    internal bool IsLocal => _container is null;

    internal bool HasEnded => Ended.IsCompleted;

    /// <summary>Gets a task that completes with the exit code when the process has ended; it never fails.</summary>
    internal Task<int> Ended { get; }

    /// <param name="commandLine">The program and its arguments.</param>
    /// <param name="directory">Where it runs and logs.</param>
    /// <param name="root">What the guard removes.</param>
    /// <param name="container">The container that the command line starts, if it does.</param>
    internal static NodeProcess Start(IReadOnlyList<string> commandLine, string directory, string root, DockerContainer? container)
    {
        var start = new ProcessStartInfo { WorkingDirectory = directory, RedirectStandardInput = true, UseShellExecute = false };
        if (OperatingSystem.IsWindows())
        {
            // Docker alone comes here. Without a shell there is no guard: a killed test process leaves its containers.
            start.FileName = commandLine[0];
            foreach (string argument in commandLine.Skip(1)) start.ArgumentList.Add(argument);
        }
        else
        {
            start.FileName = "/bin/sh";
            string[] arguments = ["-c", Script, "redistoolkit-guard", root, container?.Docker ?? "", container?.Name ?? "", .. commandLine];
            foreach (string argument in arguments) start.ArgumentList.Add(argument);
        }

        return new NodeProcess(Process.Start(start)!, container);
    }

    /// <summary>Kills it at once (<c>SIGKILL</c>), stopped or not.</summary>
    internal async Task KillAsync()
    {
        if (HasEnded) return;
        if (_container is not null) await _container.RunAsync("kill").ConfigureAwait(false);
        else KillLocal();
        await WaitForEndAsync().ConfigureAwait(false);
    }

    /// <summary>Stops it (<c>SIGSTOP</c>): connections stay open, nothing is answered.</summary>
    internal Task PauseAsync() => SignalAsync("STOP", "pause", stopped: true);

    /// <summary>Lets it go on (<c>SIGCONT</c>).</summary>
    internal Task ResumeAsync() => SignalAsync("CONT", "unpause", stopped: false);

    /// <summary>Asks it to end (<c>SIGTERM</c>).</summary>
    internal Task TerminateAsync() => SignalAsync("TERM", "stop", stopped: null);

    /// <exception cref="TimeoutException">It goes on.</exception>
    internal async Task WaitForEndAsync()
    {
        try
        {
            await Ended.WaitAsync(EndBound).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The server's process {Id} did not end within {EndBound.TotalSeconds:0} s.", late);
        }
    }

    private void KillLocal()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended a moment ago by itself, which is what was wanted.
        }
    }

    private async Task SignalAsync(string signal, string dockerVerb, bool? stopped)
    {
        if (HasEnded) throw new InvalidOperationException($"The server's process {Id} has ended; start it first.");
        if (_container is not null)
        {
            await _container.RunAsync(dockerVerb).ConfigureAwait(false);
            return;
        }

        var sent = await ToolRun.RunAsync("/bin/sh", ["-c", $"kill -{signal} {Id}"], EndBound).ConfigureAwait(false);
        if (!sent.Succeeded) throw new InvalidOperationException($"The signal {signal} could not be sent to process {Id}: {sent.LastWords}");
        if (stopped is { } wanted) await WaitForStateAsync(wanted).ConfigureAwait(false);
    }

    /// <summary>A signal is sent before it has taken effect; Linux tells when it has.</summary>
    private async Task WaitForStateAsync(bool stopped)
    {
        string stat = $"/proc/{Id}/stat";
        long started = Stopwatch.GetTimestamp();
        while (File.Exists(stat) && Stopwatch.GetElapsedTime(started) < EndBound && !HasEnded)
        {
            // "123 (name, which may hold blanks) T ..."
            string text;
            try
            {
                text = await File.ReadAllTextAsync(stat).ConfigureAwait(false);
            }
            catch (IOException)
            {
                return; // it ended meanwhile
            }

            int name = text.LastIndexOf(')');
            if (name >= 0 && text[name + 2] is 'T' == stopped) return;
            await Task.Delay(1).ConfigureAwait(false);
        }
    }

    private async Task<int> WatchAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        int code = _process.ExitCode;
        try
        {
            await _process.StandardInput.WriteLineAsync("done").ConfigureAwait(false);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard is gone already; nobody needs the word.
        }

        _process.Dispose();
        return code;
    }
}
