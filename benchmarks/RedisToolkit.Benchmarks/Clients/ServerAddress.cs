using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace RedisToolkit.Benchmarks.Clients;

/// <summary>Where the server of a run listens.</summary>
/// <param name="Host">Name or address; over TLS the name that its certificate must bear.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="CertificateAuthority">PEM file of the authority that signed the server's certificate; null for no TLS.</param>
internal sealed record ServerAddress(string Host, int Port, string? CertificateAuthority = null)
{
    public bool Tls => CertificateAuthority is not null;

    /// <exception cref="ArgumentException">Not of the form host:port.</exception>
    public static ServerAddress Parse(string text, string? certificateAuthority = null)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new ServerAddress(text[..colon], port, certificateAuthority)
            : throw new ArgumentException($"'{text}' is not an address: write host:port.");
    }

    /// <summary>Trusts what the run's own authority has signed, and nothing else.</summary>
    public X509ChainPolicy TrustPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(CertificateAuthority!) },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    /// <summary>For clients that only offer the old callback.</summary>
    public bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
        using var chain = new X509Chain { ChainPolicy = TrustPolicy() };
        using var copy = new X509Certificate2(certificate);
        return chain.Build(copy);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
