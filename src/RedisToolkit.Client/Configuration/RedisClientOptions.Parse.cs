using System.Diagnostics.CodeAnalysis;

namespace RedisToolkit.Client;

/// <content>Connection strings.</content>
public sealed partial record RedisClientOptions
{
    /// <summary>Reads a connection string: a URI, or the comma-separated style of StackExchange.Redis.</summary>
    /// <param name="connectionString">
    /// <para>
    /// As a URI: <c>redis://user:password@host:6379/0?client_name=shop&amp;connect_timeout=5s</c>. Schemes are <c>redis</c> and
    /// <c>valkey</c>, <c>rediss</c> and <c>valkeys</c> for TLS, <c>unix</c> (also <c>redis+socket</c>) for a Unix domain socket:
    /// <c>unix:///run/redis.sock?db=1</c>. For a cluster, <c>redis+cluster://host1,host2</c> and its kin. Several hosts are separated by commas. Special characters are written as percent codes. A time has its
    /// unit: <c>500ms</c>, <c>5s</c>, <c>1m</c>.
    /// </para>
    /// <para>
    /// Through sentinels: <c>redis+sentinel://user:password@sentinel1,sentinel2/mymaster/0?sentinel_password=other</c>, with TLS
    /// <c>rediss+sentinel</c>; the hosts are the sentinels, on port 26379 unless said, and user and password are those of the servers. With
    /// commas: <c>sentinel1,sentinel2,serviceName=mymaster,password=secret,sentinelPassword=other</c>.
    /// </para>
    /// <para>
    /// With commas: <c>host:6379,host2,password=secret,ssl=true,connectTimeout=5000</c>. A time without a unit is in milliseconds, as there.
    /// A host without a port means 6379, or 6380 with <c>ssl=true</c>, as there; in a URI it is always 6379.
    /// </para>
    /// </param>
    /// <returns>The options. Their ranges are checked when a client is made of them, so what a string cannot say can be added with <c>with</c>.</returns>
    /// <exception cref="FormatException">The text is no connection string, or has a key that is unknown. The message quotes no value.</exception>
    /// <remarks>
    /// <para>
    /// Keys, in any case, with or without <c>_</c> and <c>-</c>. Both styles take every number, time and switch of this record by its name
    /// (<c>max_repeats</c>, <c>heartbeatInterval</c>, <c>verify_replies</c>), and:
    /// </para>
    /// <list type="table">
    /// <listheader><term>key</term><description>sets</description></listheader>
    /// <item><term>user (username), password</term><description><see cref="User"/>, <see cref="Password"/></description></item>
    /// <item><term>name, client_name; library_name</term><description><see cref="ClientName"/>; <see cref="LibraryName"/></description></item>
    /// <item><term>db, database, defaultDatabase</term><description><see cref="Database"/></description></item>
    /// <item><term>cluster; cluster_refresh_interval</term><description>whether <see cref="Cluster"/> is set; its
    /// <see cref="RedisClusterOptions.RefreshInterval"/></description></item>
    /// <item><term>connect_timeout; command_timeout, asyncTimeout, syncTimeout</term><description><see cref="ConnectTimeout"/>;
    /// <see cref="CommandTimeout"/>, of several the first of these</description></item>
    /// <item><term>protocol</term><description><see cref="Protocol"/>: auto, 2, 3, resp2 or resp3</description></item>
    /// <item><term>ssl, tls</term><description>whether <see cref="Tls"/> is used; a URI says it by its scheme</description></item>
    /// <item><term>sslHost, tls_host; sslProtocols, tls_protocols; checkCertificateRevocation</term><description>
    /// <see cref="RedisTlsOptions.TargetHost"/>; <see cref="RedisTlsOptions.Protocols"/>, as <c>tls12|tls13</c>;
    /// <see cref="RedisTlsOptions.RevocationMode"/>, <c>Online</c> for true</description></item>
    /// <item><term>serviceName; sentinel_user, sentinel_password; sentinel_tls</term><description><see cref="RedisSentinelOptions.ServiceName"/>;
    /// <see cref="RedisSentinelOptions.User"/>, <see cref="RedisSentinelOptions.Password"/>; whether <see cref="RedisSentinelOptions.Tls"/> is used,
    /// as for the servers unless said. Its times by their names, as <c>sentinel_refresh_interval</c></description></item>
    /// <item><term>highIntegrity</term><description><see cref="VerifyReplies"/></description></item>
    /// <item><term>$NAME=other, $NAME=</term><description><see cref="CommandMap"/>: renamed, disabled</description></item>
    /// </list>
    /// <para>Keys of StackExchange.Redis that the comma style takes and that change nothing here, with the reason:</para>
    /// <list type="table">
    /// <listheader><term>key</term><description>why</description></listheader>
    /// <item><term>abortConnect</term><description>the call that makes a client says whether it may start without a server</description></item>
    /// <item><term>connectRetry</term><description>attempts go on until the client is disposed: <see cref="Reconnect"/></description></item>
    /// <item><term>keepAlive</term><description>met: a <c>PING</c> follows after 1 s of silence, see <see cref="HeartbeatInterval"/></description></item>
    /// <item><term>allowAdmin</term><description>what a user may do is the server's to say (ACL)</description></item>
    /// <item><term>version</term><description>what a server can do is tried, not told</description></item>
    /// <item><term>resolveDns</term><description>names are looked up at each connect, so that a failover by DNS is followed</description></item>
    /// <item><term>tiebreaker, configChannel, configCheckSeconds</term><description>its own way of agreeing on a primary</description></item>
    /// <item><term>responseTimeout, writeBuffer, preserveAsyncOrder, highPriorityThreads</term><description>it ignores them too</description></item>
    /// <item><term>setlib=true, proxy=None, tunnel=</term><description>its defaults; other values are refused</description></item>
    /// </list>
    /// <para>Refused, because leaving them out would change what happens: <c>channelPrefix</c>.</para>
    /// </remarks>
    public static RedisClientOptions Parse(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return ConnectionString.Read(connectionString);
    }

    /// <summary>Reads what <see cref="Parse"/> reads.</summary>
    /// <param name="connectionString">A URI, or the comma-separated style.</param>
    /// <param name="options">The options; null if the text is no connection string.</param>
    /// <returns>True if it was read.</returns>
    public static bool TryParse([NotNullWhen(true)] string? connectionString, [NotNullWhen(true)] out RedisClientOptions? options)
    {
        options = null;
        if (connectionString is null) return false;
        try
        {
            options = ConnectionString.Read(connectionString);
            return true;
        }
        catch (FormatException)
        {
            return false;   // the caller asked for yes or no; Parse gives the reason
        }
    }
}
