namespace RedisToolkit.Client;

/// <summary>The names under which the client can be observed. Without a listener, neither costs anything. docs/diagnostics.md lists what there is.</summary>
public static class RedisDiagnostics
{
    /// <summary>The meter: durations, connections, bytes, losses. For OpenTelemetry, <c>metrics.AddMeter(RedisDiagnostics.MeterName)</c>.</summary>
    public const string MeterName = "RedisToolkit.Client";

    /// <summary>The source of one span for each command or batch. For OpenTelemetry, <c>tracing.AddSource(RedisDiagnostics.ActivitySourceName)</c>.</summary>
    public const string ActivitySourceName = "RedisToolkit.Client";

    /// <summary>The category of all log lines, which are numbered 1100 to 1199.</summary>
    public const string LogCategory = "RedisToolkit.Client.Connections";

    internal static string Version { get; } = typeof(RedisDiagnostics).Assembly.GetName().Version?.ToString(3) ?? "0";
}
