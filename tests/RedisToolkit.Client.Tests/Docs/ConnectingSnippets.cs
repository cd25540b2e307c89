using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of docs/connecting.md; it names servers of the reader's own, so it is only compiled.</summary>
internal static class ConnectingSnippets
{
    internal static async Task Connect()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync("rediss://app:secret@redis.example.com:6380/0?client_name=shop");
    }

    internal static async Task Strings(ILoggerFactory loggers)
    {
        RedisClientOptions uri = RedisClientOptions.Parse("redis://app:secret@host1:6379,host2:6379/2?command_timeout=500ms");
        RedisClientOptions commas = RedisClientOptions.Parse("host1:6379,host2:6379,user=app,password=secret,defaultDatabase=2,asyncTimeout=500");
        RedisClientOptions options = uri with { MaxRepeats = 0, LoggerFactory = loggers };
        await using RedisClient redis = await RedisClient.ConnectAsync(options);
        _ = commas;
    }

    internal static RedisClientOptions Tls(X509Certificate2 authority, X509Certificate2 certificate)
    {
        var options = new RedisClientOptions
        {
            Endpoints = [new RedisEndpoint("redis.example.com", 6380)],
            Tls = new RedisTlsOptions
            {
                CertificateAuthorities = [authority],       // trust this one alone; leave it out to trust what the system trusts
                ClientCertificate = certificate,            // for servers that ask for one
            },
        };
        return options;
    }

    internal static RedisClientOptions Credentials()
    {
        var options = new RedisClientOptions
        {
            Endpoints = [new RedisEndpoint("redis.example.com")],
            Credentials = RedisCredentialsProvider.Create(async (endpoint, cancellationToken) =>
            {
                (string token, TimeSpan life) = await FetchTokenAsync(endpoint.Host, cancellationToken);
                return new RedisCredentials("app", token, RefreshAfter: life * 0.75);
            }),
        };
        return options;
    }

    private static Task<(string Token, TimeSpan Life)> FetchTokenAsync(string host, CancellationToken cancellationToken) =>
        Task.FromResult((host, TimeSpan.FromHours(1))).WaitAsync(cancellationToken);
}
