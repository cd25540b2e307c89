using System.Reflection;

namespace RedisToolkit.Client;

/// <summary>Brings a new connection to where commands can be sent: protocol version, user, name, database.</summary>
internal static class Handshake
{
    private static readonly string Version =
        typeof(Handshake).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <returns>What the server said of itself.</returns>
    /// <exception cref="RedisConnectionException">The server refused; tells what to change.</exception>
    public static async Task<ServerGreeting> RunAsync(RedisConnection connection, ConnectionContext context, RedisCredentials? credentials, CancellationToken cancellationToken)
    {
        RedisClientOptions options = context.Options;
        var send = new ConnectionCommands(connection, context);
        try
        {
            ServerGreeting greeting = await GreetAsync(send, options, credentials, cancellationToken).ConfigureAwait(false);
            if (options.Database != 0) await SelectAsync(send, options, connection.Endpoint, cancellationToken).ConfigureAwait(false);
            await IntroduceAsync(send, options, greeting.Protocol, cancellationToken).ConfigureAwait(false);
            return greeting;
        }
        catch (RedisServerException refusal)
        {
            throw Explain(refusal, connection.Endpoint, options);
        }
        catch (RedisCommandDisabledException disabled)
        {
            throw new RedisConnectionException(
                ConnectionFailure.Handshake,
                connection.Endpoint.ToString(),
                $"The handshake with {connection.Endpoint} needs {disabled.Command}, and RedisClientOptions.CommandMap disables it. Give it the name that the server knows it by, or change what needs it: Protocol, User and Password, or Database.",
                CommandOutcome.NotSent,
                disabled);
        }
        catch (RedisConnectionException lost) when (lost.Failure == ConnectionFailure.Protocol)
        {
            throw new RedisConnectionException(
                ConnectionFailure.NotRedis,
                lost.Endpoint,
                $"What answers on {lost.Endpoint} does not speak RESP. Check the port in RedisClientOptions.Endpoints{(options.Tls is null ? "; if it is a TLS port, set RedisClientOptions.Tls" : string.Empty)}.",
                CommandOutcome.NotSent,
                lost);
        }
        catch (RedisConnectionException lost) when (lost.Failure == ConnectionFailure.Lost)
        {
            throw Cut(lost, connection.Endpoint, options);
        }
    }

    /// <summary>Signs in on a connection that is up: when it is new, or when credentials rotate.</summary>
    public static async Task AuthenticateAsync(ConnectionCommands send, RedisCredentials credentials, CancellationToken cancellationToken)
    {
        RedisCommand auth = credentials.User is null
            ? RedisCommand.Create("AUTH", credentials.Password)
            : RedisCommand.Create("AUTH", credentials.User, credentials.Password);
        _ = await send.ExecuteAsync(auth, Replies.Done, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ServerGreeting> GreetAsync(ConnectionCommands send, RedisClientOptions options, RedisCredentials? credentials, CancellationToken cancellationToken)
    {
        if (options.Protocol != RespProtocol.Resp2)
        {
            try
            {
                RedisCommand hello = credentials is { } known
                    ? RedisCommand.Create("HELLO", 3, "AUTH", known.User ?? "default", known.Password)
                    : RedisCommand.Create("HELLO", 3);
                return await send.ExecuteAsync(hello, ServerGreeting.Reader, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisServerException refusal) when (options.Protocol == RespProtocol.Auto && IsUnknownHello(refusal))
            {
                // An old server, or a proxy that speaks RESP2 only.
            }
            catch (RedisCommandDisabledException) when (options.Protocol == RespProtocol.Auto)
            {
                // The command map says that this server has no HELLO.
            }
        }

        if (credentials is { } given) await AuthenticateAsync(send, given, cancellationToken).ConfigureAwait(false);
        // Says nothing of itself, but shows that it takes commands: without a password it would refuse this.
        if (ProbeCommand.For(options.CommandMap) is { } probe) _ = await send.ExecuteAsync(probe, Replies.Done, cancellationToken).ConfigureAwait(false);
        return ServerGreeting.Unknown with { ConnectionId = await ConnectionIdAsync(send, cancellationToken).ConfigureAwait(false) };
    }

    // Needed to call off a blocking command; HELLO would have told it.
    private static async Task<long> ConnectionIdAsync(ConnectionCommands send, CancellationToken cancellationToken)
    {
        try
        {
            return await send.ExecuteAsync(RedisCommand.Create("CLIENT", "ID"), Replies.Integer, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisException exception) when (exception is RedisServerException or RedisCommandDisabledException or RedisReplyException)
        {
            // A proxy, or a rule that forbids it: it works without.
            return ServerGreeting.Unknown.ConnectionId;
        }
    }

    private static bool IsUnknownHello(RedisServerException refusal) =>
        refusal.Code is RedisErrorCode.NoProtocol
        || (refusal.Code is RedisErrorCode.Error && (refusal.ServerMessage.Contains("unknown command", StringComparison.OrdinalIgnoreCase)
            || refusal.ServerMessage.Contains("unsupported", StringComparison.OrdinalIgnoreCase)));

    private static async Task SelectAsync(ConnectionCommands send, RedisClientOptions options, RedisEndpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            _ = await send.ExecuteAsync(RedisCommand.Create("SELECT", options.Database), Replies.Done, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal) when (refusal.Code == RedisErrorCode.Error)
        {
            throw new RedisConnectionException(
                ConnectionFailure.Handshake,
                endpoint.ToString(),
                $"{endpoint} refused database {options.Database}: {refusal.Message}",
                CommandOutcome.NotSent,
                refusal);
        }
    }

    // Names are for people who look at CLIENT LIST. A server that does not know them works all the same.
    private static async Task IntroduceAsync(ConnectionCommands send, RedisClientOptions options, int protocol, CancellationToken cancellationToken)
    {
        var told = new List<Task>
        {
            send.TryAsync(RedisCommand.Create("CLIENT", "SETINFO", "LIB-NAME", options.ReportedLibraryName), cancellationToken),
            send.TryAsync(RedisCommand.Create("CLIENT", "SETINFO", "LIB-VER", Version), cancellationToken),
        };
        if (options.ClientName is { } name) told.Add(send.TryAsync(RedisCommand.Create("CLIENT", "SETNAME", name), cancellationToken));
        await Task.WhenAll(told).ConfigureAwait(false);
    }

    private static RedisConnectionException Explain(RedisServerException refusal, RedisEndpoint endpoint, RedisClientOptions options)
    {
        ConnectionFailure failure = refusal.Code switch
        {
            RedisErrorCode.NoAuth or RedisErrorCode.WrongPassword or RedisErrorCode.NoPermission => ConnectionFailure.Authentication,
            // What servers before 6.0 say of a password they do not want or do not accept.
            RedisErrorCode.Error when refusal.ServerMessage.Contains("AUTH", StringComparison.OrdinalIgnoreCase)
                || refusal.ServerMessage.Contains("password", StringComparison.OrdinalIgnoreCase) => ConnectionFailure.Authentication,
            RedisErrorCode.Loading or RedisErrorCode.Busy or RedisErrorCode.MasterDown => ConnectionFailure.Refused,
            _ => ConnectionFailure.Handshake,
        };
        string user = options.User is null ? string.Empty : $" for user '{options.User}'";
        string what = failure == ConnectionFailure.Authentication ? $"{endpoint} refused to sign in{user}" : $"{endpoint} refused the handshake";
        return new RedisConnectionException(failure, endpoint.ToString(), $"{what}: {refusal.Message}", CommandOutcome.NotSent, refusal);
    }

    private static RedisConnectionException Cut(RedisConnectionException lost, RedisEndpoint endpoint, RedisClientOptions options)
    {
        if (options.Tls is not null) return Dialer.TlsFailure(endpoint, lost.InnerException?.InnerException ?? lost.InnerException ?? lost);
        string message = $"{endpoint} ended the connection during the handshake. If it is a TLS port, set RedisClientOptions.Tls; else its log may say why.";
        return new RedisConnectionException(ConnectionFailure.Lost, endpoint.ToString(), message, CommandOutcome.NotSent, lost);
    }
}
