namespace RedisToolkit;

/// <summary>The names under which the toolkit can be observed; those of its client are <see cref="Client.RedisDiagnostics"/>. docs/diagnostics.md lists what there is.</summary>
public static class RedisToolkitDiagnostics
{
    /// <summary>The meter. For OpenTelemetry, <c>metrics.AddMeter(RedisToolkitDiagnostics.MeterName)</c>.</summary>
    public const string MeterName = "RedisToolkit";

    /// <summary>The category of all log lines, which are numbered 1200 to 1299.</summary>
    public const string LogCategory = "RedisToolkit";

    internal static string Version { get; } = typeof(RedisToolkitDiagnostics).Assembly.GetName().Version?.ToString(3) ?? "0";
}
