using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using Perfolizer.Horology;

namespace RedisToolkit.Benchmarks.Micro;

/// <summary>What is measured and kept. A job named on the command line, for example <c>--job short</c>, replaces the one here.</summary>
internal sealed class MicroConfig : ManualConfig
{
    public MicroConfig(bool jobGiven)
    {
        // A socket call varies far more than computation: more and shorter iterations than usual, and a longer warm-up.
        if (!jobGiven) AddJob(Job.Default.WithWarmupCount(8).WithIterationCount(20).WithIterationTime(TimeInterval.FromMilliseconds(250)));
        AddLogger(ConsoleLogger.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddDiagnoser(MemoryDiagnoser.Default);
        AddExporter(MarkdownExporter.GitHub);
    }
}
