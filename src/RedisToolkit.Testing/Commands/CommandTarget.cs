using System.Net;
using System.Net.Security;

namespace RedisToolkit.Testing;

/// <summary>Where a command goes, and how one signs in there.</summary>
internal sealed record CommandTarget(EndPoint EndPoint, string? User, string? Password, SslClientAuthenticationOptions? Tls);
