using BenchmarkDotNet.Running;

namespace RedisToolkit.Benchmarks.Micro;

/// <summary>The verb <c>bdn</c>: single calls under BenchmarkDotNet.</summary>
internal static class MicroCommand
{
    public static int Run(string[] arguments)
    {
        // Benchmarks run in processes of their own: they learn of the server from the environment.
        if (arguments is ["--server", var server, .. var rest])
        {
            Environment.SetEnvironmentVariable(MicroServer.Variable, server);
            arguments = rest;
        }

        var config = new MicroConfig(jobGiven: arguments.Any(argument => argument is "--job" or "-j"));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(arguments, config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}
