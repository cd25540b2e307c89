using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Client;
using RedisToolkit.StackExchangeRedis;
using StackExchange.Redis;

namespace RedisToolkit.Benchmarks.Clients;

/// <summary>RedisToolkit.Client, one connection with its default settings; or the same interface over a StackExchange.Redis multiplexer.</summary>
internal sealed class RedisToolkitLoadClient : CallerLoops
{
    private static readonly ReplyReader<byte[]?[]> ArrayOfBytes = Replies.ArrayOf(Replies.Bytes);
    private static readonly ReplyReader<(byte[]? Field, byte[]? Value)[]> Fields = Replies.PairsOf(Replies.Bytes, Replies.Bytes);

    private readonly IRedisClient _client;
    private Workload? _workload;
    private string[] _keys = [];
    private RedisArgument[][] _keyGroups = [];
    private byte[][] _values = [];
    private int _bytes;

    private RedisToolkitLoadClient(IRedisClient client) => _client = client;

    public static async Task<RedisToolkitLoadClient> ConnectAsync(ServerAddress server, CancellationToken cancellationToken)
    {
        var options = new RedisClientOptions
        {
            Endpoints = [new RedisEndpoint(server.Host, server.Port)],
            CommandTimeout = TimeSpan.FromSeconds(10),
            Tls = server.CertificateAuthority is { } file
                ? new RedisTlsOptions { CertificateAuthorities = [X509CertificateLoader.LoadCertificateFromFile(file)] }
                : null,
        };
        return new RedisToolkitLoadClient(await RedisClient.ConnectAsync(options, cancellationToken));
    }

    public static async Task<RedisToolkitLoadClient> OverMultiplexerAsync(ServerAddress server)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(StackExchangeLoadClient.OptionsFor(server));
        var options = new StackExchangeRedisOptions { CommandTimeout = TimeSpan.FromSeconds(10), DisposeMultiplexer = true };
        return new RedisToolkitLoadClient(StackExchangeRedisClient.Create(multiplexer, options));
    }

    public override ValueTask DisposeAsync() => _client.DisposeAsync();

    protected override void Prepare(Workload workload)
    {
        if (workload == _workload) return;
        _workload = workload;
        _bytes = workload.ValueBytes;
        _keys = SampleData.Keys(workload);
        _keyGroups = [.. _keys.Select(key => (RedisArgument)key).Chunk(Workload.MultiGetKeys)];
        _values = SampleData.Values(workload);
    }

    protected override async Task GetAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            var value = await _client.GetBytesAsync(_keys[key]);
            caller.Done(started);
            SampleData.Check(value, key, _bytes);
        }
    }

    protected override async Task GetPooledAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            using var value = await _client.GetPooledAsync(_keys[key]);
            caller.Done(started);
            SampleData.Check(value.Span, key, _bytes);
        }
    }

    protected override async Task BurstAsync(Caller caller)
    {
        var replies = new ValueTask<byte[]?>[Workload.BurstLength];
        while (caller.Running)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < replies.Length; i++) Keep(out replies[i], _client.GetBytesAsync(_keys[i]));
            for (var i = 0; i < replies.Length; i++) SampleData.Check(await replies[i], i, _bytes);
            caller.Done(started, replies.Length);
        }

        // Each is awaited once, which the rule for local value tasks cannot see through an array.
        static void Keep(out ValueTask<byte[]?> slot, ValueTask<byte[]?> reply) => slot = reply;
    }

    protected override async Task SetAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            await _client.SetAsync(_keys[key], _values[key]);
            caller.Done(started);
        }
    }

    protected override async Task HashGetAllAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            var fields = await _client.ExecuteAsync(RedisCommand.Create("HGETALL", _keys[key]), Fields);
            caller.Done(started);
            SampleData.Check(fields.Length == Workload.HashFields, "HGETALL did not answer every field");
            SampleData.Check(fields[^1].Value, Workload.HashFields - 1, _bytes);
        }
    }

    protected override async Task MultiGetAsync(Caller caller)
    {
        while (caller.Running)
        {
            var group = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            var values = await _client.ExecuteAsync(RedisCommand.Create("MGET", _keyGroups[group]), ArrayOfBytes);
            caller.Done(started);
            SampleData.Check(values.Length == Workload.MultiGetKeys, "MGET did not answer every key");
            SampleData.Check(values[^1], ((group + 1) * Workload.MultiGetKeys) - 1, _bytes);
        }
    }

    protected override async Task ScriptAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            var command = RedisCommand.Create("EVALSHA", SampleData.ScriptName, 1, _keys[key], _values[key]);
            var result = await _client.ExecuteAsync(command, Replies.Bytes);
            caller.Done(started);
            SampleData.Check(result, key, _bytes);
        }
    }
}
