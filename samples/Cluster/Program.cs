// A cluster that is resharded, and loses a primary, while callers count on it. Run it with
//
//     dotnet run --project samples/Cluster
//
// It needs nothing but the .NET SDK: RedisToolkit.Testing finds Redis on this machine, or fetches it. It ends by itself in half a minute.
using System.Diagnostics;
using RedisToolkit.Client;
using RedisToolkit.Samples.Cluster;
using RedisToolkit.Testing;

Console.WriteLine("Starting 3 primaries with a replica each; the first time on a machine, a server may be fetched (some 20 MB).");
await using RedisServer server = await RedisServer.StartAsync(new() { Topology = RedisTopology.Cluster, ClusterNodeTimeout = TimeSpan.FromSeconds(1) });

// One endpoint is enough: that node knows the others.
RedisClientOptions options = RedisClientOptions.Parse(server.ConnectionString) with { Cluster = new() };
await using RedisClient redis = await RedisClient.ConnectAsync(options);
IReadOnlyList<IRedisClient> primaries = await redis.GetPrimariesAsync();
Console.WriteLine($"{server.Description}: {primaries.Count} primaries");

// 40 callers count up keys that lie on all nodes, and check every answer.
await using var callers = new Callers(redis, 40);
await callers.PrintAsync("at rest", TimeSpan.FromSeconds(2));

// Slots go from the first node to the second and back, keys and all, under the callers' feet.
var resharding = new Resharding(server.Primaries[0], server.Primaries[1], server.Primaries[2]);
Task moving = resharding.MoveAsync(callers.Keys, rounds: 3);
while (!moving.IsCompleted) await callers.PrintAsync($"moving slots, {resharding.Moved} so far", TimeSpan.FromSeconds(1));
await moving;
await callers.PrintAsync($"{resharding.Moved} slots were moved", TimeSpan.FromSeconds(1));

// A primary dies. Its keys have to wait for the servers to promote its replica; the other keys do not.
RedisNode dies = server.Primaries[2];
long killed = Stopwatch.GetTimestamp();
await dies.KillAsync();
Console.WriteLine($"killed {dies}");
while (!callers.AllServedSince(killed)) await callers.PrintAsync("a primary is dead", TimeSpan.FromSeconds(1));
await callers.PrintAsync($"all keys are served again, {callers.LongestGap.TotalMilliseconds:0} ms after their last answer at most", TimeSpan.FromSeconds(2));
await callers.StopAsync();
Console.WriteLine($"{callers.Answers} answers, {callers.Wrong} of them wrong; {callers.Failed} errors, {callers.Unknown} of them unknown outcomes of what the dead primary had been sent");
return callers.Wrong == 0 && callers.Failed == callers.Unknown ? 0 : 1;
