using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>How connections are encrypted, whom they trust and how they identify themselves. As made: trust what the system trusts.</summary>
public sealed record RedisTlsOptions
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";    // id-kp-serverAuth, RFC 5280, 4.2.1.12
    private const SslProtocols Allowed = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Gets the name that the server's certificate must carry, also sent as SNI.</summary>
    /// <value>A host name; null, the default, means <see cref="RedisEndpoint.Host"/> of the endpoint connected to.</value>
    public string? TargetHost { get; init; }

    /// <summary>Gets the certificate authorities that are trusted, and they alone; the system's are then not.</summary>
    /// <value>1 or more root certificates, intermediates may stand beside them; null, the default, means the system's.</value>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>Gets the certificate the client shows to a server that asks for one.</summary>
    /// <value>A certificate with its private key; null, the default, means none.</value>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Gets the versions of TLS that may be spoken.</summary>
    /// <value><c>Tls12</c>, <c>Tls13</c> or both; <c>None</c>, the default, leaves it to the operating system.</value>
    public SslProtocols Protocols { get; init; } = SslProtocols.None;

    /// <summary>Gets a check of the server's certificate that replaces the built-in one: it decides alone.</summary>
    /// <value>
    /// A callback, told what the built-in check found; null, the default, means that any fault ends the connection.
    /// One that always says yes makes encryption worthless against whoever sits in between; prefer <see cref="CertificateAuthorities"/>.
    /// </value>
    public RemoteCertificateValidationCallback? ServerCertificateValidation { get; init; }

    /// <summary>Gets whether certificates are looked up in their authority's list of revoked ones.</summary>
    /// <value>
    /// <c>NoCheck</c> unless set; <c>Online</c> asks the authority at each connect, within <see cref="RedisClientOptions.ConnectTimeout"/>.
    /// </value>
    public X509RevocationMode RevocationMode { get; init; } = X509RevocationMode.NoCheck;

    internal SslClientAuthenticationOptions ToAuthenticationOptions(string host)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = TargetHost ?? host,
            EnabledSslProtocols = Protocols,
            CertificateRevocationCheckMode = RevocationMode,
            RemoteCertificateValidationCallback = ServerCertificateValidation,
            AllowRenegotiation = false,
        };
        if (ClientCertificate is not null)
        {
            // The context sends the whole chain that the system knows; the plain collection sends the leaf only when the server
            // names an authority that issued it, and Redis servers may name none.
            options.ClientCertificateContext = SslStreamCertificateContext.Create(ClientCertificate, additionalCertificates: null, offline: true);
        }

        if (CertificateAuthorities is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = RevocationMode };
            policy.CustomTrustStore.AddRange(authorities);
            policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
            options.CertificateChainPolicy = policy;
        }

        return options;
    }

    internal void CollectFaults(OptionFaults faults, string name)
    {
        if (TargetHost is not null && Uri.CheckHostName(TargetHost) is UriHostNameType.Unknown)
            faults.Add($"{name}.{nameof(TargetHost)} is no host name; allowed is a DNS name or an address without a port, or null");
        if (CertificateAuthorities is { Count: 0 })
            faults.Add($"{name}.{nameof(CertificateAuthorities)} is empty; allowed are 1 or more certificates, or null for the system's");
        if (ClientCertificate is { HasPrivateKey: false })
            faults.Add($"{name}.{nameof(ClientCertificate)} has no private key; allowed is a certificate loaded together with its key");
        if ((Protocols & ~Allowed) is not SslProtocols.None)
            faults.Add($"{name}.{nameof(Protocols)} is {Protocols}; allowed are Tls12, Tls13, both, or None for the system's choice");
        faults.Defined(RevocationMode, $"{name}.{nameof(RevocationMode)}");
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("TargetHost = ").Append(TargetHost ?? "(endpoint)");
        builder.Append(", CertificateAuthorities = ").Append(CertificateAuthorities?.Count.ToString() ?? "(system)");
        builder.Append(", ClientCertificate = ").Append(ClientCertificate is null ? "none" : "given");
        builder.Append(", Protocols = ").Append(Protocols).Append(", RevocationMode = ").Append(RevocationMode);
        if (ServerCertificateValidation is not null) builder.Append(", ServerCertificateValidation = given");
        return true;
    }
}
