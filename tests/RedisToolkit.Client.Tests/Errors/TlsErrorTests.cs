using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RedisToolkit.Client.Tests.Faults;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Errors;

public sealed class TlsErrorTests : IAsyncLifetime
{
    private RedisServer _server = null!;

    public async Task InitializeAsync() => _server = await RedisServer.StartAsync(new RedisServerOptions { Tls = RedisTls.ClientCertificate });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private RedisTlsOptions Trusting => new() { CertificateAuthorities = [_server.Certificates!.Authority], ClientCertificate = _server.Certificates.Client, TargetHost = "localhost" };

    private RedisClientOptions With(RedisTlsOptions? tls) => Wire.At(_server.Port) with { Tls = tls, ConnectTimeout = TimeSpan.FromSeconds(5) };

    private static async Task<RedisConnectionException> FailureOfAsync(RedisClientOptions options) =>
        await Assert.ThrowsAsync<RedisConnectionException>(() => Bounded.Within(RedisClient.ConnectAsync(options), 20, "an attempt to connect"));

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_with_its_certificate_works_through_losses(SslProtocols version)
    {
        await using FaultProxy proxy = await _server.StartProxyAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(With(Trusting with { Protocols = version }) with { Endpoints = [new RedisEndpoint("127.0.0.1", proxy.Port)] });
        string large = new('x', 300_000);
        for (int round = 0; round < 5; round++)
        {
            await redis.SetAsync("large", large);
            Assert.Equal(large, await redis.GetAsync("large"));
            await Task.WhenAll(Enumerable.Range(0, 200).Select(async i => Assert.Equal($"{i}", await redis.EchoAsync($"{i}"))));
            proxy.ToClient.CutAfter(round * 37);
            Assert.Equal(large, await redis.GetAsync("large"));
        }

        // One bit that is turned round on the way ends the connection; it never reaches a caller.
        proxy.ToClient.FlipByteAt(400);
        for (int i = 0; i < 50; i++) Assert.Equal(large, await redis.GetAsync("large"));
        Assert.True(proxy.ConnectionsAccepted >= 7, $"{proxy.ConnectionsAccepted} connections");
    }

    [Fact]
    public async Task An_authority_that_is_not_trusted_is_explained()
    {
        RedisConnectionException untrusted = await FailureOfAsync(With(new RedisTlsOptions { ClientCertificate = _server.Certificates!.Client, TargetHost = "localhost" }));
        Assert.Equal(ConnectionFailure.Tls, untrusted.Failure);
        Assert.False(untrusted.IsTransient);
        Assert.Contains("RedisTlsOptions.CertificateAuthorities", untrusted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_explained()
    {
        RedisConnectionException other = await FailureOfAsync(With(Trusting with { TargetHost = "redis.example.com" }));
        Assert.Equal(ConnectionFailure.Tls, other.Failure);
        Assert.Contains("RedisTlsOptions.TargetHost", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task A_client_certificate_that_is_missing_or_unknown_to_the_server_is_explained(SslProtocols version, bool rogue)
    {
        X509Certificate2? shown = rogue ? _server.Certificates!.Rogue : null;
        for (int i = 0; i < 5; i++)
        {
            RedisConnectionException missing = await FailureOfAsync(With(Trusting with { ClientCertificate = shown, Protocols = version }));
            Assert.Equal(ConnectionFailure.Tls, missing.Failure);
            Assert.Contains("RedisTlsOptions.ClientCertificate", missing.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Plain_text_to_a_TLS_port_is_explained()
    {
        RedisConnectionException plain = await FailureOfAsync(With(null));
        Assert.True(plain.Failure is ConnectionFailure.Lost or ConnectionFailure.NotRedis, $"{plain}");
        Assert.Contains("RedisClientOptions.Tls", plain.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_to_a_plain_port_is_explained()
    {
        await using RedisServer plain = await RedisServer.StartAsync();
        RedisConnectionException failure = await FailureOfAsync(Wire.At(plain.Port) with { Tls = new RedisTlsOptions(), ConnectTimeout = TimeSpan.FromSeconds(1) });
        // A server that waits for the end of a line says nothing; one that finds a line in the greeting answers in plain text.
        Assert.True(failure.Failure is ConnectionFailure.Tls or ConnectionFailure.ConnectTimeout, $"{failure}");
        Assert.Contains("RedisClientOptions.Tls", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_of_ones_own_decides_alone()
    {
        bool asked = false;
        await using RedisClient redis = await RedisClient.ConnectAsync(With(new RedisTlsOptions
        {
            ClientCertificate = _server.Certificates!.Client,
            ServerCertificateValidation = (_, _, _, errors) => asked = errors != SslPolicyErrors.None,
        }));
        Assert.True(asked);
        Assert.Equal("x", await redis.EchoAsync("x"));
    }
}
