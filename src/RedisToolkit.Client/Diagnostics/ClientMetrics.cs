using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RedisToolkit.Client;

/// <summary>The instruments. What has a standard name in OpenTelemetry's conventions for database clients bears it; the others begin with <c>redistoolkit.client</c>.</summary>
internal static class ClientMetrics
{
    private static readonly Meter Meter = new(RedisDiagnostics.MeterName, RedisDiagnostics.Version);

    // The conventions begin at 1 ms, below which nearly every command of this kind of server ends.
    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "db.client.operation.duration",
        "s",
        "How long commands and batches took from the call to the result, waiting and repeats included.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });

    private static readonly Histogram<double> CreateTime = Meter.CreateHistogram(
        "db.client.connection.create_time",
        "s",
        "How long new connections took to be ready: name lookup, TCP, TLS and handshake.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5] });

    private static readonly Counter<long> PoolTimeouts = Meter.CreateCounter<long>(
        "db.client.connection.timeouts", "{timeout}", "Callers that got no connection of their own in time.");

    private static readonly Counter<long> Reconnects = Meter.CreateCounter<long>(
        "redistoolkit.client.reconnects", "{connection}", "Connections that took the place of lost ones.");

    private static readonly Counter<long> ConnectFailures = Meter.CreateCounter<long>(
        "redistoolkit.client.connect_failures", "{attempt}", "Attempts to connect that failed.");

    private static readonly Counter<long> Timeouts = Meter.CreateCounter<long>(
        "redistoolkit.client.timeouts", "{command}", "Commands whose deadline passed.");

    private static readonly Counter<long> Repeats = Meter.CreateCounter<long>(
        "redistoolkit.client.repeats", "{command}", "Commands sent again after a lost connection.");

    private static readonly Counter<long> HeartbeatsLost = Meter.CreateCounter<long>(
        "redistoolkit.client.heartbeats_lost", "{connection}", "Connections given up because nothing arrived on them any more.");

    static ClientMetrics()
    {
        _ = Meter.CreateObservableUpDownCounter("db.client.connection.count", ConnectionWatch.Counts, "{connection}", "Open connections, by whether anything is under way on them.");
        _ = Meter.CreateObservableUpDownCounter("db.client.connection.pending_requests", ConnectionWatch.Waiting, "{request}", "Commands that wait for a connection, or for room on one.");
        _ = Meter.CreateObservableUpDownCounter("redistoolkit.client.in_flight", ConnectionWatch.InFlight, "{command}", "Commands that were sent and are not answered.");
        _ = Meter.CreateObservableUpDownCounter("redistoolkit.client.unsent", ConnectionWatch.Unsent, "By", "Bytes that the sockets have not taken yet.");
        _ = Meter.CreateObservableCounter("redistoolkit.client.io", ConnectionWatch.Bytes, "By", "Bytes sent to and received from servers, before encryption.");
    }

    public static bool WantsDurations => Duration.Enabled;

    public static bool WantsCreateTime => CreateTime.Enabled;

    public static void Operation(string operation, ServerIdentity server, TimeSpan took, Exception? error)
    {
        TagList tags = Of(server);
        tags.Add(Attributes.Operation, operation);
        tags.Add(Attributes.Database, server.Database);
        if (error is RedisServerException refusal) tags.Add(Attributes.StatusCode, refusal.Code);
        if (error is not null) tags.Add(Attributes.ErrorType, Attributes.TypeOf(error));
        Duration.Record(took.TotalSeconds, tags);
    }

    public static void Created(ServerIdentity server, TimeSpan took) => CreateTime.Record(took.TotalSeconds, Of(server));

    public static void Reconnected(ServerIdentity server) => Add(Reconnects, 1, server);

    public static void ConnectFailed(ServerIdentity server, Exception exception) =>
        Add(ConnectFailures, 1, server, Attributes.ErrorType, exception is RedisConnectionException known ? known.Failure.ToString() : Attributes.TypeOf(exception));

    public static void TimedOut(ServerIdentity server, int commands, CommandOutcome outcome) =>
        Add(Timeouts, commands, server, Attributes.Outcome, outcome == CommandOutcome.NotSent ? "not_sent" : "unknown");

    public static void Repeated(ServerIdentity server) => Add(Repeats, 1, server);

    public static void HeartbeatLost(ServerIdentity server) => Add(HeartbeatsLost, 1, server);

    public static void PoolTimedOut(ServerIdentity server) => Add(PoolTimeouts, 1, server, Attributes.Pool, "dedicated");

    private static void Add(Counter<long> counter, long count, ServerIdentity server, string? name = null, string? value = null)
    {
        if (!counter.Enabled || count == 0) return;
        TagList tags = Of(server);
        if (name is not null) tags.Add(name, value);
        counter.Add(count, tags);
    }

    private static TagList Of(ServerIdentity server)
    {
        var tags = new TagList { { Attributes.System, server.System }, { Attributes.ServerAddress, server.Address } };
        if (server.Port is { } port) tags.Add(Attributes.ServerPort, port);
        return tags;
    }
}
