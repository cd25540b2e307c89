using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RedisToolkit.Testing;

/// <summary>The certificates of one throwaway server: an authority, what it signed, and one it did not. They die with the server.</summary>
public sealed class RedisCertificates : IDisposable
{
    private readonly string _folder;

    private RedisCertificates(string folder, X509Certificate2 authority, X509Certificate2 client, X509Certificate2 rogue)
    {
        _folder = folder;
        Authority = authority;
        Client = client;
        Rogue = rogue;
    }

    /// <summary>Gets the certificate of the authority, without its key: what a client must trust.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>Gets a client's certificate with its key, signed by the authority; its name is <c>CN=client</c>.</summary>
    public X509Certificate2 Client { get; }

    /// <summary>Gets a client's certificate with its key that nobody signed: servers that ask for a certificate refuse it.</summary>
    public X509Certificate2 Rogue { get; }

    /// <summary>Gets the path of the authority's certificate, in PEM.</summary>
    public string AuthorityPath => PathOf("ca.crt");

    /// <summary>Gets the path of the client's certificate, in PEM.</summary>
    public string ClientPath => PathOf("client.crt");

    /// <summary>Gets the path of the client's key, in PEM (PKCS #8, no password).</summary>
    public string ClientKeyPath => PathOf("client.key");

    /// <summary>Gets the path of the rogue certificate, in PEM.</summary>
    public string RoguePath => PathOf("rogue.crt");

    /// <summary>Gets the path of the rogue certificate's key, in PEM (PKCS #8, no password).</summary>
    public string RogueKeyPath => PathOf("rogue.key");

    /// <summary>Makes settings for an <see cref="SslStream"/> that trusts the authority alone and asks for the host <c>localhost</c>.</summary>
    /// <param name="certificate">What to show the server, for example <see cref="Client"/>; null to show none.</param>
    public SslClientAuthenticationOptions ClientOptions(X509Certificate2? certificate = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(Authority);
        return new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = policy,
            ClientCertificates = certificate is null ? null : [certificate],
            LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
        };
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        Authority.Dispose();
        Client.Dispose();
        Rogue.Dispose();
    }

    /// <summary>Makes all certificates and writes them into a folder.</summary>
    /// <remarks>Keys are on the curve P-256: made in a millisecond, where an RSA key takes a hundred.</remarks>
    internal static RedisCertificates Create(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (from, until) = (now.AddDays(-1), now.AddYears(10));

        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = Request("CN=RedisToolkit throwaway authority", authorityKey);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var authority = authorityRequest.CreateSelfSigned(from, until);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Nodes talk to one another as clients too.
        var serverRequest = EndRequest("CN=localhost", serverKey, ServerUse, ClientUse);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        serverRequest.CertificateExtensions.Add(names.Build());
        using var server = serverRequest.Create(authority, from, until.AddDays(-1), RandomNumberGenerator.GetBytes(8));

        using var clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = EndRequest("CN=client", clientKey, ClientUse).Create(authority, from, until.AddDays(-1), RandomNumberGenerator.GetBytes(8));
        using var rogueKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rogue = EndRequest("CN=rogue", rogueKey, ClientUse).CreateSelfSigned(from, until);

        Directory.CreateDirectory(folder);
        Write("ca.crt", authority.ExportCertificatePem());
        Write("server.crt", server.ExportCertificatePem());
        Write("server.key", serverKey.ExportPkcs8PrivateKeyPem());
        Write("client.crt", client.ExportCertificatePem());
        Write("client.key", clientKey.ExportPkcs8PrivateKeyPem());
        Write("rogue.crt", rogue.ExportCertificatePem());
        Write("rogue.key", rogueKey.ExportPkcs8PrivateKeyPem());
        return new RedisCertificates(
            folder, X509CertificateLoader.LoadCertificate(authority.RawData), WithKey(client, clientKey), WithKey(rogue, rogueKey));

        void Write(string name, string pem)
        {
            File.WriteAllText(Path.Combine(folder, name), pem);
        }
    }

    private static Oid ServerUse => new("1.3.6.1.5.5.7.3.1");

    private static Oid ClientUse => new("1.3.6.1.5.5.7.3.2");

    private static CertificateRequest Request(string name, ECDsa key) => new(name, key, HashAlgorithmName.SHA256);

    private static CertificateRequest EndRequest(string name, ECDsa key, params Oid[] uses)
    {
        var request = Request(name, key);
        var allowed = new OidCollection();
        foreach (var use in uses) allowed.Add(use);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(allowed, false));
        return request;
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, ECDsa key)
    {
        using var whole = certificate.HasPrivateKey ? new X509Certificate2(certificate) : certificate.CopyWithPrivateKey(key);
        // Through PKCS #12: on Windows a key that was never stored cannot be used in a handshake.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    private string PathOf(string file) => Path.Combine(_folder, file);
}
