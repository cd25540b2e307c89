using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace RedisToolkit.Client;

/// <summary>Opens connections: looks up the name anew each time, connects, and puts TLS around it.</summary>
internal static class Dialer
{
    /// <exception cref="RedisConnectionException">No connection; tells why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<Transport> DialAsync(RedisEndpoint endpoint, RedisClientOptions options, CancellationToken cancellationToken)
    {
        Socket socket = await ConnectAsync(endpoint, options, cancellationToken).ConfigureAwait(false);
        if (options.Tls is not { } tls) return new SocketTransport(socket);
        try
        {
            return await EncryptAsync(socket, endpoint, tls, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Socket> ConnectAsync(RedisEndpoint endpoint, RedisClientOptions options, CancellationToken cancellationToken)
    {
        Socket socket = endpoint.UnixSocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (endpoint.UnixSocketPath is { } path)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                SocketKeepAlive.Apply(socket, options);
                await socket.ConnectAsync(new DnsEndPoint(endpoint.Host, endpoint.Port), cancellationToken).ConfigureAwait(false);
            }

            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is not SocketException fault) throw;
            // A socket may answer a cancelled token with an error of its own.
            cancellationToken.ThrowIfCancellationRequested();
            throw Explain(fault, endpoint);
        }
    }

    private static async Task<Transport> EncryptAsync(Socket socket, RedisEndpoint endpoint, RedisTlsOptions tls, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            SslClientAuthenticationOptions authentication = tls.ToAuthenticationOptions(endpoint.UnixSocketPath is null ? endpoint.Host : "localhost");
            await stream.AuthenticateAsClientAsync(authentication, cancellationToken).ConfigureAwait(false);
            return new TlsTransport(stream, socket);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or SocketException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw TlsFailure(endpoint, exception);
        }
    }

    /// <summary>What a fault of the TLS layer means; with TLS 1.3 the server refuses a client's certificate only after the handshake.</summary>
    public static RedisConnectionException TlsFailure(RedisEndpoint endpoint, Exception exception)
    {
        // What this side finds wrong with the server's certificate has no inner exception; what the server says of ours does.
        string reason = exception is AuthenticationException { InnerException: null }
            ? $"{exception.Message.TrimEnd('.')}. If the server's certificate is from a private authority, add that to RedisTlsOptions.CertificateAuthorities; if it is for another name, set RedisTlsOptions.TargetHost."
            : "The server ended the TLS handshake. Either this port is not a TLS port (unset RedisClientOptions.Tls), or the server wants a client certificate that it trusts (RedisTlsOptions.ClientCertificate), or it speaks none of RedisTlsOptions.Protocols.";
        return new RedisConnectionException(ConnectionFailure.Tls, endpoint.ToString(), $"TLS with {endpoint} failed: {reason}", CommandOutcome.NotSent, exception);
    }

    // AddRedisToolkit("orders") takes a connection string, of which a host's name is the least.
    private static string KeyHint(string host) =>
        host.AsSpan().ContainsAny('.', ':') ? "" : $" If '{host}' was meant as the key of a toolkit, write AddRedisToolkit(key: \"{host}\").";

    private static RedisConnectionException Explain(SocketException fault, RedisEndpoint endpoint)
    {
        (ConnectionFailure failure, string text) = fault.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery =>
                (ConnectionFailure.HostNotFound, $"The host name '{endpoint.Host}' has no address. Check its spelling in RedisClientOptions.Endpoints, and the name service.{KeyHint(endpoint.Host)}"),
            SocketError.ConnectionRefused when endpoint.UnixSocketPath is not null =>
                (ConnectionFailure.Refused, $"No server listens on the unix socket {endpoint}. Check the server's 'unixsocket' and that it runs."),
            SocketError.ConnectionRefused =>
                (ConnectionFailure.Refused, $"Nothing listens on {endpoint}. Check the port in RedisClientOptions.Endpoints, that the server runs, and its 'bind' setting."),
            SocketError.AddressNotAvailable when endpoint.UnixSocketPath is not null =>
                (ConnectionFailure.Refused, $"There is no unix socket {endpoint}. Check the server's 'unixsocket'."),
            SocketError.TimedOut => (ConnectionFailure.ConnectTimeout, $"{endpoint} did not answer. Check the address, and the firewalls between."),
            SocketError.AccessDenied => (ConnectionFailure.Refused, $"This process may not connect to {endpoint}. Check the socket's permissions, or the firewall."),
            _ => (ConnectionFailure.Refused, $"Connecting to {endpoint} failed: {fault.Message}."),
        };
        return new RedisConnectionException(failure, endpoint.ToString(), text, CommandOutcome.NotSent, fault);
    }
}
