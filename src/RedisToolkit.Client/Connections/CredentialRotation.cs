namespace RedisToolkit.Client;

/// <summary>Signs a live connection in again before its credentials run out, so that it need not be replaced.</summary>
internal static class CredentialRotation
{
    // A provider that fails is asked again soon: the connection keeps its old credentials for as long as the server lets it.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(RedisConnection connection, ConnectionContext context, ConnectionOpener opener, TimeSpan life, CancellationToken cancellationToken)
    {
        var send = new ConnectionCommands(connection, context);
        TimeSpan wait = life;
        while (true)
        {
            await Task.Delay(wait, context.Options.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) return;
            try
            {
                if (await opener.CredentialsAsync(connection.Endpoint, cancellationToken).ConfigureAwait(false) is not { } credentials) return;
                await Handshake.AuthenticateAsync(send, credentials, cancellationToken).ConfigureAwait(false);
                context.Log.CredentialsRotated(connection.Endpoint, credentials.RefreshAfter);
                if (credentials.RefreshAfter is not { } next) return;
                wait = next;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                context.Log.CredentialsNotRotated(connection.Endpoint, exception, AfterFailure);
                wait = AfterFailure;
            }
        }
    }
}
