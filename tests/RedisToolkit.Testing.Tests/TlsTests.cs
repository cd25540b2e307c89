using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace RedisToolkit.Testing.Tests;

public sealed class TlsTests
{
    [Theory, ClassData(typeof(Flavors))]
    public async Task A_client_without_a_certificate_is_welcome_where_none_is_asked_for(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor, Tls = RedisTls.ServerCertificate });
        Assert.StartsWith("rediss://", server.ConnectionString, StringComparison.Ordinal);
        Assert.Equal("+PONG", await PingAsync(server, null));
        Assert.Equal("+PONG", await PingAsync(server, null, "127.0.0.1"));
        await Assert.ThrowsAsync<AuthenticationException>(() => PingAsync(server, null, "other.example"));
        await Assert.ThrowsAnyAsync<Exception>(() => Wire.ReplyAsync(server, null, null, "PING")); // no plain port
    }

    [Theory, ClassData(typeof(Flavors))]
    public async Task A_client_needs_the_certificate_of_the_same_authority_where_one_is_asked_for(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor, Tls = RedisTls.ClientCertificate, Password = "pw" });
        Assert.StartsWith("-NOAUTH", await PingAsync(server, server.Certificates!.Client), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => PingAsync(server, null));
        await Assert.ThrowsAnyAsync<IOException>(() => PingAsync(server, server.Certificates.Rogue));
        Assert.Equal("PONG", (await server.CommandAsync("PING")).Text);
    }

    [Fact]
    public async Task The_files_hold_the_same_certificates()
    {
        await using var server = await RedisServer.StartAsync(new() { Tls = RedisTls.ClientCertificate });
        var certificates = server.Certificates!;
        using var authority = X509CertificateLoader.LoadCertificateFromFile(certificates.AuthorityPath);
        Assert.Equal(certificates.Authority.Thumbprint, authority.Thumbprint);
        Assert.False(certificates.Authority.HasPrivateKey);
        using var client = X509Certificate2.CreateFromPemFile(certificates.ClientPath, certificates.ClientKeyPath);
        Assert.Equal(certificates.Client.Thumbprint, client.Thumbprint);
        Assert.True(certificates.Client.HasPrivateKey);
        using var rogue = X509Certificate2.CreateFromPemFile(certificates.RoguePath, certificates.RogueKeyPath);
        Assert.Equal(certificates.Rogue.Thumbprint, rogue.Thumbprint);
    }

    [Fact]
    public async Task A_server_restarts_with_its_certificates()
    {
        await using var server = await RedisServer.StartAsync(new() { Tls = RedisTls.ClientCertificate });
        await server.RestartAsync(keepData: false);
        Assert.Equal("+PONG", await PingAsync(server, server.Certificates!.Client));
    }

    private static async Task<string> PingAsync(RedisServer server, X509Certificate2? certificate, string host = "localhost")
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint);
        await using var stream = new SslStream(new NetworkStream(socket));
        var options = server.Certificates!.ClientOptions(certificate);
        options.TargetHost = host;
        await stream.AuthenticateAsClientAsync(options);
        await stream.WriteAsync("PING\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? throw new EndOfStreamException("closed without an answer");
    }
}
