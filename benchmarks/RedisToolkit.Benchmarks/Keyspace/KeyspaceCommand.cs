using System.Globalization;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Client;
using RedisToolkit.Testing;

namespace RedisToolkit.Benchmarks.Keyspace;

/// <summary>The verb <c>keyspace</c>: half of all keys are deleted by pattern while callers keep reading the other half.</summary>
internal static class KeyspaceCommand
{
    private const string Stays = "keep:";
    private const string Goes = "drop:";

    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            var run = KeyspaceRun.Parse(arguments);
            if (!BenchServer.IsFlavor(run.Server, out var flavor)) throw new ArgumentException($"--server is redis, valkey or redis7, not '{run.Server}'.");
            await using var server = await BenchServer.StartAsync(flavor, tls: false, CancellationToken.None);
            await RunAsync(run, server);
            return 0;
        }
        catch (Exception e) when (e is ArgumentException or RedisServerStartException)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{KeyspaceRun.Help}");
            return 2;
        }
    }

    private static async Task RunAsync(KeyspaceRun run, BenchServer server)
    {
        await using var filler = await ConnectAsync(server);
        await using var deleter = await ConnectAsync(server);
        await using var reader = await ConnectAsync(server);
        var tool = CommandLineTool.Find(server);
        foreach (var line in MachineFacts.Lines(server)) Console.WriteLine($"- {line}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- {run.Keys:N0} keys of 100 bytes, {run.Keys / 2:N0} of them deleted; {run.Callers} callers GET the others over a connection of their own, in this process"));
        if (tool is null) Console.WriteLine("- No redis-cli: the server's folder has none, or cannot be looked at. There is no row to compare with.");

        var filled = await FillAsync(filler, Stays, run.Keys - run.Keys / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- Loaded at {filled.Total.PerSecond:N0} keys/s before anybody read"));
        Console.WriteLine();
        Console.WriteLine("| round | deleted by | seconds | keys/s | reads/s before | while | p50 before | while | p99 before | while | times | p99.9 before | while |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        await using var readers = new Readers(reader, run.Callers, Stays, run.Keys - run.Keys / 2);
        var keyspace = new RedisKeyspace(deleter);
        var options = new KeyspaceOptions { KeysPerSecond = run.Rate, BatchSize = run.Batch, ScanCount = run.Batch };
        for (var round = 0; round <= run.Rounds; round++)
        {
            // The first of each is for the compiler and the caches.
            var name = round == 0 ? "warm-up" : round.ToString(CultureInfo.InvariantCulture);
            await RoundAsync(name, "ours", () => keyspace.DeleteAsync(Goes + "*", options));
            if (tool is not null) await RoundAsync(name, $"{tool.Name} --scan, xargs unlink", () => tool.DeleteAsync(server, Goes + "*"));
        }

        async Task RoundAsync(string round, string who, Func<Task> delete)
        {
            await FillAsync(filler, Goes, run.Keys / 2);
            await Task.Delay(500);
            var before = await readers.WhileAsync(() => Task.Delay(run.Before));
            var during = await readers.WhileAsync(delete);
            var left = await filler.DatabaseSizeAsync();
            if (left != run.Keys - run.Keys / 2) throw new InvalidDataException($"{left} keys are left.");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {who} | {during.Elapsed.TotalSeconds:0.00} | {run.Keys / 2 / during.Elapsed.TotalSeconds:N0} | {before.PerSecond:N0} | {during.PerSecond:N0} | {before.Median:N0} µs | {during.Median:N0} µs | {before.P99:N0} µs | {during.P99:N0} µs | {during.P99 / before.P99:0.00} | {before.P999:N0} µs | {during.P999:N0} µs |"));
        }
    }

    private static Task<BulkResult> FillAsync(RedisClient redis, string prefix, int count)
    {
        var value = new byte[100];
        return new BulkLoader(redis).LoadAsync(Enumerable.Range(0, count).Select(i => new BulkEntry(prefix + i, value)).ToAsyncEnumerable(), TimeToLive.Forever);
    }

    private static Task<RedisClient> ConnectAsync(BenchServer server) => RedisClient.ConnectAsync(new RedisClientOptions { Endpoints = [new RedisEndpoint(server.Address.Host, server.Address.Port)] });
}
