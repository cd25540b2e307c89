using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RedisToolkit.Client.Tests.Configuration;

/// <summary>Real handshakes over loopback, with authorities made on the spot.</summary>
public sealed class RedisTlsOptionsTests : IDisposable
{
    private readonly Authority _ours = new("ours");
    private readonly Authority _others = new("others");

    [Fact]
    public async Task A_server_of_a_trusted_authority_is_accepted() =>
        await HandshakeAsync(new() { CertificateAuthorities = [_ours.Certificate] }, "localhost");

    [Fact]
    public async Task A_server_of_another_authority_is_refused() =>
        await Assert.ThrowsAsync<AuthenticationException>(() => HandshakeAsync(new() { CertificateAuthorities = [_others.Certificate] }, "localhost"));

    [Fact]
    public async Task A_server_of_a_private_authority_is_refused_by_what_the_system_trusts() =>
        await Assert.ThrowsAsync<AuthenticationException>(() => HandshakeAsync(new(), "localhost"));

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_unless_that_host_is_the_target()
    {
        var tls = new RedisTlsOptions { CertificateAuthorities = [_ours.Certificate] };

        await Assert.ThrowsAsync<AuthenticationException>(() => HandshakeAsync(tls, "elsewhere.example"));
        await HandshakeAsync(tls with { TargetHost = "localhost" }, "elsewhere.example");
    }

    [Fact]
    public async Task The_callback_decides_alone()
    {
        SslPolicyErrors? told = null;
        var tls = new RedisTlsOptions { ServerCertificateValidation = (_, _, _, errors) => { told = errors; return true; } };

        await HandshakeAsync(tls, "localhost");

        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors, told);
    }

    [Fact]
    public async Task The_clients_certificate_reaches_the_server()
    {
        using X509Certificate2 client = _ours.Issue("client1");
        var tls = new RedisTlsOptions { CertificateAuthorities = [_ours.Certificate], ClientCertificate = client };

        Assert.Equal("CN=client1", await HandshakeAsync(tls, "localhost"));
        Assert.Null(await HandshakeAsync(tls with { ClientCertificate = null }, "localhost"));
    }

    [Fact]
    public void A_client_certificate_without_its_key_is_a_fault()
    {
        using X509Certificate2 issued = _ours.Issue("client1");
        using X509Certificate2 keyless = X509CertificateLoader.LoadCertificate(issued.RawData);
        var options = new RedisClientOptions { Tls = new() { ClientCertificate = keyless } };

        RedisOptionsException error = Assert.Throws<RedisOptionsException>(() => options.Validated());

        Assert.Contains("Tls.ClientCertificate has no private key", Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _others.Dispose();
    }

    /// <summary>Returns the subject of the certificate that the client showed.</summary>
    private async Task<string?> HandshakeAsync(RedisTlsOptions tls, string host)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        Task<TcpClient> accepting = listener.AcceptTcpClientAsync(bound.Token).AsTask();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, bound.Token);
        using TcpClient accepted = await accepting;
        using X509Certificate2 certificate = _ours.Issue("localhost");
        await using var serverSide = new SslStream(accepted.GetStream());
        await using var clientSide = new SslStream(client.GetStream());

        Task serving = serverSide.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
            bound.Token);
        try
        {
            await clientSide.AuthenticateAsClientAsync(tls.ToAuthenticationOptions(host), bound.Token);
        }
        catch (AuthenticationException)
        {
            client.Close();     // else the server side might wait for the rest of the handshake; whether it already has all of it, TLS leaves open
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await serving;
        return serverSide.RemoteCertificate?.Subject;
    }

    private sealed class Authority : IDisposable
    {
        private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddDays(-1);
        private readonly RSA _key = RSA.Create(2048);

        internal Authority(string name)
        {
            var request = new CertificateRequest("CN=" + name, _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            Certificate = request.CreateSelfSigned(Start, Start.AddDays(10));
        }

        internal X509Certificate2 Certificate { get; }

        internal X509Certificate2 Issue(string name)
        {
            using RSA key = RSA.Create(2048);
            var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 issued = request.Create(Certificate, Start, Start.AddDays(9), RandomNumberGenerator.GetBytes(8));
            return issued.CopyWithPrivateKey(key);
        }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
        }
    }
}
