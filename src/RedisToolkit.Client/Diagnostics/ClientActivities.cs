using System.Diagnostics;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>Spans, after OpenTelemetry's conventions for database clients. They never hold a key or a value.</summary>
internal static class ClientActivities
{
    private static readonly ActivitySource Source = new(RedisDiagnostics.ActivitySourceName, RedisDiagnostics.Version);

    public static bool HasListeners => Source.HasListeners();

    /// <summary>Begins a span, if a listener wants this one.</summary>
    public static Activity? Begin(string operation, ServerIdentity server, int argumentCount, int batchSize)
    {
        if (Source.CreateActivity(operation, ActivityKind.Client) is not { } activity) return null;
        if (activity.IsAllDataRequested)
        {
            activity.SetTag(Attributes.System, server.System);
            activity.SetTag(Attributes.Operation, operation);
            activity.SetTag(Attributes.Database, server.Database);
            activity.SetTag(Attributes.ServerAddress, server.Address);
            if (server.Port is { } port) activity.SetTag(Attributes.ServerPort, port);
            if (batchSize > 0) activity.SetTag(Attributes.BatchSize, batchSize);
            else activity.SetTag(Attributes.QueryText, Query(operation, argumentCount));
        }

        return activity.Start();
    }

    /// <summary>Ends a span. The error's text stays out of it: servers quote keys and arguments there.</summary>
    public static void End(Activity activity, Exception? error)
    {
        if (error is not null)
        {
            string type = Attributes.TypeOf(error);
            activity.SetTag(Attributes.ErrorType, type);
            if (error is RedisServerException refusal) activity.SetTag(Attributes.StatusCode, refusal.Code);
            activity.SetStatus(ActivityStatusCode.Error, type);
        }

        activity.Stop();
    }

    // Arguments are counted, not shown. A command may have a million of them.
    private static string Query(string operation, int argumentCount)
    {
        const int MostShown = 16;
        var text = new StringBuilder(operation);
        for (int i = operation.Contains(' ', StringComparison.Ordinal) ? 1 : 0; i < Math.Min(argumentCount, MostShown); i++) text.Append(" ?");
        if (argumentCount > MostShown) text.Append(" ...");
        return text.ToString();
    }
}
