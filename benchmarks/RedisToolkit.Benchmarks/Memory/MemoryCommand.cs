using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Benchmarks.Memory;

/// <summary>The verb <c>memory</c>: what the same entities take on the server as JSON, as compressed JSON and as hashes. It measures no time.</summary>
internal static class MemoryCommand
{
    public const string Help =
        """
        memory:
          --server redis|valkey|redis7   which server is started; redis unless said
          --entities N                   how many of each kind, 1,000 to 1,000,000; 100000 unless said
        """;

    private const int FieldsBeyondCompact = 600;
    private static readonly DateOnly FirstDay = new(2020, 1, 1);

    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            var (server, entities) = Parse(arguments);
            await RunAsync(server, entities);
            return 0;
        }
        catch (Exception e) when (e is ArgumentException or RedisServerStartException)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{Help}");
            return 2;
        }
    }

    private static (RedisFlavor Server, int Entities) Parse(string[] arguments)
    {
        var flavor = RedisFlavor.Redis;
        var entities = 100_000;
        if (arguments.Length % 2 != 0) throw new ArgumentException("Each option has a value.");
        foreach (var pair in arguments.Chunk(2))
        {
            var known = pair switch
            {
                ["--server", var name] => BenchServer.IsFlavor(name, out flavor),
                ["--entities", var number] => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out entities) && entities is >= 1000 and <= 1_000_000,
                _ => false,
            };
            if (!known) throw new ArgumentException($"Not understood: {pair[0]} {pair[1]}");
        }

        return (flavor, entities);
    }

    private static async Task RunAsync(RedisFlavor flavor, int count)
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Flavor = flavor });
        await using var redis = await RedisClient.ConnectAsync(server.ConnectionString);
        var info = await InfoAsync(redis, "server");
        var version = info.GetValueOrDefault("valkey_version") is { } valkey ? $"Valkey {valkey}" : $"Redis {info["redis_version"]}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"## {version}, {count:N0} entities of each kind"));
        Console.WriteLine();
        Console.WriteLine("| entity | kept as | encoding | bytes each (used_memory) | MEMORY USAGE of one | times JSON |");
        Console.WriteLine("| --- | --- | --- | --: | --: | --: |");
        var run = new Run(redis, count);
        await run.CompareAsync("5 short members", MemoryJson.Default.Small, MemoryHashes.Small, static i => new Small($"product {i}", i * 0.01m, i % 1000, i % 3 == 0, FirstDay.AddDays(i % 2000)));
        await run.CompareAsync("20 numbers", MemoryJson.Default.Wide, MemoryHashes.Wide, Wide);
        await run.CompareAsync("5 short members and a text of 200 bytes", MemoryJson.Default.Described, MemoryHashes.Described, static i => new Described($"product {i}", i * 0.01m, i % 1000, i % 3 == 0, FirstDay.AddDays(i % 2000), Text(i, 200)));
        await run.CompareAsync("5 short members and a text of 2,000 bytes", MemoryJson.Default.Described, MemoryHashes.Described, static i => new Described($"product {i}", i * 0.01m, i % 1000, i % 3 == 0, FirstDay.AddDays(i % 2000), Text(i, 2000)));
        await WideHashAsync(redis);
    }

    // One hash with more fields than a compact one may have, beside its fields and values as one string.
    private static async Task WideHashAsync(RedisClient redis)
    {
        var fields = Enumerable.Range(0, FieldsBeyondCompact).Select(i => (Name: $"f{i}", Value: i)).ToArray();
        foreach (var some in new[] { fields[..500], fields })
        {
            foreach (var (name, value) in some) await redis.HashSetAsync("wide", name, value);
            await redis.SetAsync("json", "{" + string.Join(',', some.Select(field => $"\"{field.Name}\":{field.Value}")) + "}");
            var hash = await UsageAsync(redis, "wide");
            var json = await UsageAsync(redis, "json");
            string? ofJson = await EncodingAsync(redis, "json"), ofHash = await EncodingAsync(redis, "wide");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {some.Length} numbers, one entity | JSON | {ofJson} | | {json:N0} | 1.00 |"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| | hash | {ofHash} | | {hash:N0} | {(double)hash / json:0.00} |"));
        }

        Console.WriteLine();
    }

    private static Wide Wide(int i) => new()
    {
        A0 = i,
        A1 = i % 10,
        A2 = i % 100,
        A3 = i % 1000,
        A4 = i / 10,
        A5 = i / 100,
        A6 = i * 7,
        A7 = i * 11,
        A8 = i % 7,
        A9 = i % 11,
        B0 = i,
        B1 = i % 13,
        B2 = i % 130,
        B3 = i % 1300,
        B4 = i / 13,
        B5 = i / 130,
        B6 = i * 17,
        B7 = i * 19,
        B8 = i % 17,
        B9 = i % 19,
    };

    // Words, so that there is something to compress, as in a text that somebody wrote.
    private static string Text(int seed, int length)
    {
        string[] words = ["wood", "metal", "round", "chair", "table", "light", "heavy", "stands", "on", "four", "legs", "and", "the", "made", "of", "by", "hand", "in", "small", "series"];
        var random = new Random(seed);
        var text = string.Empty;
        while (text.Length < length) text += words[random.Next(words.Length)] + " ";
        return text[..length];
    }

    private static async Task<Dictionary<string, string>> InfoAsync(RedisClient redis, string section)
    {
        var text = await redis.ExecuteAsync(RedisCommand.Create("INFO", section), Replies.Text);
        return text!.Split("\r\n").Where(line => line.Contains(':', StringComparison.Ordinal)).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private static ValueTask<long> UsageAsync(RedisClient redis, string key) => redis.ExecuteAsync(RedisCommand.Create("MEMORY", "USAGE", key, "SAMPLES", 0), Replies.Integer);

    private static ValueTask<string?> EncodingAsync(RedisClient redis, string key) => redis.ExecuteAsync(RedisCommand.Create("OBJECT", "ENCODING", key), Replies.Text);

    /// <summary>Fills the server once for each way of keeping an entity.</summary>
    private sealed class Run(RedisClient redis, int count)
    {
        private const int PerCall = 10_000;
        private static readonly KeyNames Names = new("shop");

        public async Task CompareAsync<T>(string what, JsonTypeInfo<T> json, HashMapping<T> hash, Func<int, T> make)
            where T : class
        {
            var keys = Names.Template<T, int>("product:{id}");
            var plain = new JsonRepositoryOptions { TimeToLive = TimeToLive.Days(30) };
            var repository = new JsonRepository<T, int>(redis, keys, json, plain);
            // From the first byte on: unless told otherwise, values below 1 KiB are left as they are.
            var compressed = new JsonRepository<T, int>(redis, keys, json, plain with { Compression = ValueCompression.Brotli with { MinBytes = 1 } });
            var hashes = new HashRepository<T, int>(redis, keys, hash, new() { TimeToLive = TimeToLive.Days(30) });
            var bytes = await MeasureAsync(keys, make, repository.SetManyAsync, what, "JSON", 0);
            await MeasureAsync(keys, make, compressed.SetManyAsync, string.Empty, "JSON, Brotli", bytes);
            await MeasureAsync(keys, make, hashes.SetManyAsync, string.Empty, "hash", bytes);
        }

        private async Task<double> MeasureAsync<T>(KeyTemplate<T, int> keys, Func<int, T> make, Store<T> store, string what, string how, double ofJson)
        {
            _ = await redis.ExecuteAsync(RedisCommand.Create("FLUSHALL", "SYNC"), Replies.Done);
            var before = await UsedAsync();
            foreach (var some in Enumerable.Range(1, count).Chunk(PerCall)) await store(some.Select(i => KeyValuePair.Create(i, make(i))).ToArray());
            var each = (await UsedAsync() - before) / (double)count;
            var key = keys.Of(count / 2);
            var (encoding, usage) = (await EncodingAsync(redis, key), await UsageAsync(redis, key));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {how} | {encoding} | {each:0} | {usage:N0} | {(ofJson == 0 ? 1 : each / ofJson):0.00} |"));
            return each;
        }

        // Buffers of connections come and go, and are no part of what is stored.
        private async Task<long> UsedAsync()
        {
            var memory = await InfoAsync(redis, "memory");
            return long.Parse(memory["used_memory"], CultureInfo.InvariantCulture) - long.Parse(memory["mem_clients_normal"], CultureInfo.InvariantCulture);
        }
    }

    private delegate ValueTask Store<T>(IReadOnlyCollection<KeyValuePair<int, T>> entities, TimeToLive? timeToLive = null, CancellationToken cancellationToken = default);
}
