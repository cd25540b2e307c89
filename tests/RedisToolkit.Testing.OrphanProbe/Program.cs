// Stands for a test process that is killed: starts servers, says where they are, and waits for its death.
using RedisToolkit.Testing;

var options = new RedisServerOptions
{
    Flavor = Enum.Parse<RedisFlavor>(args[0]),
    Topology = Enum.Parse<RedisTopology>(args[1]),
    Tls = Enum.Parse<RedisTls>(args.ElementAtOrDefault(2) ?? "None"),
};
long started = System.Diagnostics.Stopwatch.GetTimestamp();
await using var server = await RedisServer.StartAsync(options);
Console.Error.WriteLine($"{server.Description}, ready after {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
foreach (var node in server.Nodes) Console.WriteLine($"{node.ProcessId} {node.Directory}");
if (args.Contains("paused")) await server.PauseAsync();
Console.WriteLine("ready");
await Task.Delay(args.Contains("brief") ? TimeSpan.Zero : TimeSpan.FromMinutes(2));
