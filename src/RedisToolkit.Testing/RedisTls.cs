namespace RedisToolkit.Testing;

/// <summary>Whether connections are encrypted, and how a client proves itself.</summary>
public enum RedisTls
{
    /// <summary>Plain TCP.</summary>
    None,

    /// <summary>TLS; the server shows a certificate, the client need not.</summary>
    ServerCertificate,

    /// <summary>TLS; the client must show a certificate of the same authority. In TLS 1.3 a refusal arrives at the client's first read.</summary>
    ClientCertificate,
}
