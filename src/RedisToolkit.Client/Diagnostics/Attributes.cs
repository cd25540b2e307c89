namespace RedisToolkit.Client;

/// <summary>The names of attributes, as OpenTelemetry's semantic conventions for databases spell them.</summary>
internal static class Attributes
{
    public const string System = "db.system.name";
    public const string Operation = "db.operation.name";
    public const string BatchSize = "db.operation.batch.size";
    public const string Database = "db.namespace";
    public const string QueryText = "db.query.text";
    public const string StatusCode = "db.response.status_code";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string Pool = "db.client.connection.pool.name";
    public const string State = "db.client.connection.state";
    public const string Direction = "network.io.direction";
    public const string Outcome = "redistoolkit.outcome";

    /// <summary>A word of few for an error: the server's code, or else the exception's type.</summary>
    public static string TypeOf(Exception error) => error is RedisServerException refusal ? refusal.Code : error.GetType().FullName!;
}
