// Stands for a test process that is killed: starts servers, says where they are, and waits for its death.
using RedisToolkit.Testing;

await using var server = await RedisServer.StartAsync(new() { Flavor = Enum.Parse<RedisFlavor>(args[0]), Topology = Enum.Parse<RedisTopology>(args[1]) });
foreach (var node in server.Nodes) Console.WriteLine($"{node.ProcessId} {node.Directory}");
if (args.Contains("paused")) await server.PauseAsync();
Console.WriteLine("ready");
await Task.Delay(TimeSpan.FromMinutes(2));
