using System.ComponentModel;
using System.Diagnostics;

namespace RedisToolkit.Testing;

/// <summary>One short run of a program of this machine, with its output.</summary>
internal static class ToolRun
{
    /// <returns>The exit code and both outputs; the code is null if the program could not be started or did not end in time.</returns>
    internal static async Task<ToolResult> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan bound, string? directory = null, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        start.Environment["LC_ALL"] = "C";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception failed)
        {
            return new ToolResult(null, "", $"{program} cannot be started: {failed.Message}");
        }

        using (process)
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            limit.CancelAfter(bound);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await Task.WhenAll(output, errors, process.WaitForExitAsync(limit.Token)).ConfigureAwait(false);
                return new ToolResult(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return new ToolResult(null, "", $"{program} did not end within {bound.TotalSeconds:0} s");
            }
        }
    }
}

/// <summary>How a program ended: its exit code (null if it did not start or end), and what it printed.</summary>
internal sealed record ToolResult(int? ExitCode, string Output, string Errors)
{
    internal bool Succeeded => ExitCode == 0;

    /// <summary>The last lines it printed, for a message.</summary>
    internal string LastWords
    {
        get
        {
            string[] lines = (Errors.Trim().Length > 0 ? Errors : Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return string.Join("; ", lines[^Math.Min(lines.Length, 3)..]);
        }
    }
}
