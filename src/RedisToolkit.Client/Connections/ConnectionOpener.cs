namespace RedisToolkit.Client;

/// <summary>Opens a connection whole: dialled, signed in, ready for commands, within the connect timeout.</summary>
internal sealed class ConnectionOpener(ConnectionContext context)
{
    /// <param name="endpoint">The server.</param>
    /// <param name="source">Says whether what answers there is the server meant.</param>
    /// <param name="prepare">Called before anything is sent, to attach listeners.</param>
    /// <param name="ringCapacity">How many commands may be under way; null for the options' number.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="RedisConnectionException">No connection; tells why.</exception>
    public async Task<RedisConnection> OpenAsync(RedisEndpoint endpoint, IServerSource source, Action<RedisConnection>? prepare, int? ringCapacity, CancellationToken cancellationToken)
    {
        RedisClientOptions options = context.Options;
        long began = ClientMetrics.WantsCreateTime ? options.TimeProvider.GetTimestamp() : 0;
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            RedisCredentials? credentials = await CredentialsAsync(endpoint, either.Token).ConfigureAwait(false);
            Transport transport = await Dialer.DialAsync(endpoint, options, either.Token).ConfigureAwait(false);
            var connection = new RedisConnection(endpoint, transport, context, ringCapacity) { CredentialsExpireAfter = credentials?.RefreshAfter };
            try
            {
                prepare?.Invoke(connection);
                connection.Start();
                connection.Greeting = await Handshake.RunAsync(connection, context, credentials, either.Token).ConfigureAwait(false);
                await source.VerifyAsync(connection, either.Token).ConfigureAwait(false);
                if (options.VerifyReplies) connection.BeginVerifying();
                ConnectionWatch.Add(connection);
                if (began != 0) ClientMetrics.Created(connection.Identity, options.TimeProvider.GetElapsedTime(began));
                return connection;
            }
            catch (Exception exception)
            {
                connection.Break(exception);
                await connection.Ended.ConfigureAwait(false);
                throw;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(endpoint, null);
        }
        catch (RedisTimeoutException timeout)
        {
            throw TimedOut(endpoint, timeout);
        }
    }

    /// <summary>Asks for credentials.</summary>
    /// <exception cref="RedisConnectionException">The provider failed.</exception>
    public async ValueTask<RedisCredentials?> CredentialsAsync(RedisEndpoint endpoint, CancellationToken cancellationToken)
    {
        RedisClientOptions options = context.Options;
        if (options.Credentials is not { } provider)
            return options.Password is { } password ? new RedisCredentials(options.User, password) : null;
        try
        {
            RedisCredentials credentials = await provider.GetCredentialsAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return credentials.Validated();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The provider's own message may name what it asked for; it is kept as the inner exception, not repeated.
            throw new RedisConnectionException(
                ConnectionFailure.Authentication,
                endpoint.ToString(),
                $"RedisClientOptions.Credentials gave no credentials for {endpoint}: {exception.GetType().Name}.",
                CommandOutcome.NotSent,
                exception);
        }
    }

    private RedisConnectionException TimedOut(RedisEndpoint endpoint, Exception? inner) => new(
        ConnectionFailure.ConnectTimeout,
        endpoint.ToString(),
        $"Connecting to {endpoint} took longer than {context.Options.ConnectTimeout.TotalMilliseconds:0} ms (RedisClientOptions.ConnectTimeout). Check the address and the firewalls between; a server that is stopped or overloaded accepts and does not answer{(context.Options.Tls is null ? string.Empty : ", and so does a port that is no TLS port (then unset RedisClientOptions.Tls)")}.",
        CommandOutcome.NotSent,
        inner);
}
