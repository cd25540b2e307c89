using System.Diagnostics;
using System.Security.Authentication;
using RedisToolkit.Benchmarks.Load;
using StackExchange.Redis;

namespace RedisToolkit.Benchmarks.Clients;

/// <summary>StackExchange.Redis 1.2.6, one multiplexer with its default settings.</summary>
internal sealed class StackExchangeLoadClient : CallerLoops
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly IDatabase _database;
    private Workload? _workload;
    private RedisKey[] _keys = [];
    private RedisKey[][] _keyGroups = [];
    private RedisValue[] _values = [];
    private int _bytes;

    private StackExchangeLoadClient(ConnectionMultiplexer multiplexer)
    {
        _multiplexer = multiplexer;
        _database = multiplexer.GetDatabase();
    }

    public static async Task<StackExchangeLoadClient> ConnectAsync(ServerAddress server) =>
        new(await ConnectionMultiplexer.ConnectAsync(OptionsFor(server)));

    public static ConfigurationOptions OptionsFor(ServerAddress server)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { { server.Host, server.Port } },
            Ssl = server.Tls,
            SslHost = server.Tls ? server.Host : null,
            ConnectTimeout = 5000,
            SyncTimeout = 10_000,
            ResponseTimeout = 10_000,
        };
        if (server.Tls)
        {
            options.SslProtocols = SslProtocols.Tls12; // what it asks for unless told, TLS 1.0, is no longer spoken
            options.CertificateValidation += (_, certificate, _, errors) => server.IsTrusted(certificate, errors);
        }

        return options;
    }

    public override ValueTask DisposeAsync()
    {
        _multiplexer.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override void Prepare(Workload workload)
    {
        if (workload == _workload) return;
        _workload = workload;
        _bytes = workload.ValueBytes;
        _keys = [.. SampleData.Keys(workload).Select(key => (RedisKey)key)];
        _keyGroups = workload.Job == Job.MultiGet ? [.. _keys.Chunk(Workload.MultiGetKeys)] : [.. _keys.Select(key => new[] { key })];
        _values = [.. SampleData.Values(workload).Select(value => (RedisValue)value)];
    }

    protected override async Task GetAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            byte[]? value = await _database.StringGetAsync(_keys[key]);
            caller.Done(started);
            SampleData.Check(value, key, _bytes);
        }
    }

    protected override Task GetPooledAsync(Caller caller) => GetAsync(caller);

    protected override async Task BurstAsync(Caller caller)
    {
        var replies = new Task<RedisValue>[Workload.BurstLength];
        while (caller.Running)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < replies.Length; i++) replies[i] = _database.StringGetAsync(_keys[i]);
            for (var i = 0; i < replies.Length; i++)
            {
                byte[]? value = await replies[i];
                SampleData.Check(value, i, _bytes);
            }

            caller.Done(started, replies.Length);
        }
    }

    protected override async Task SetAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            var stored = await _database.StringSetAsync(_keys[key], _values[key]);
            caller.Done(started);
            SampleData.Check(stored, "SET did not answer OK");
        }
    }

    protected override async Task HashGetAllAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            var entries = await _database.HashGetAllAsync(_keys[key]);
            caller.Done(started);
            SampleData.Check(entries.Length == Workload.HashFields, "HGETALL did not answer every field");
            SampleData.Check((byte[]?)entries[^1].Value, Workload.HashFields - 1, _bytes);
        }
    }

    protected override async Task MultiGetAsync(Caller caller)
    {
        while (caller.Running)
        {
            var group = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            var values = await _database.StringGetAsync(_keyGroups[group]);
            caller.Done(started);
            SampleData.Check(values.Length == Workload.MultiGetKeys, "MGET did not answer every key");
            SampleData.Check((byte[]?)values[^1], ((group + 1) * Workload.MultiGetKeys) - 1, _bytes);
        }
    }

    protected override async Task ScriptAsync(Caller caller)
    {
        while (caller.Running)
        {
            var key = caller.NextKey();
            var started = Stopwatch.GetTimestamp();
            var result = await _database.ScriptEvaluateAsync(SampleData.ScriptSha1, _keyGroups[key], [_values[key]]);
            caller.Done(started);
            SampleData.Check((byte[]?)result, key, _bytes);
        }
    }
}
