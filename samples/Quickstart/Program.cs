// A tour of RedisToolkit.Client in one file. Run it with
//
//     dotnet run --project samples/Quickstart
//
// It needs nothing but the .NET SDK: RedisToolkit.Testing finds a Redis server on this machine, or fetches one.
using System.Diagnostics;
using RedisToolkit.Client;
using RedisToolkit.Testing;

Console.WriteLine("Looking for a server; the first time on a machine, one may be fetched (some 20 MB).");
await using RedisServer server = await RedisServer.StartAsync();
Say("server", $"{server.Description}, port {server.Port}");

// One client serves a whole application: any number of callers share its connection, and none waits for another.
await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);

// Keys and values are text, bytes or numbers. What is missing comes back as null.
await redis.SetAsync("greeting", "hello");
Say("get", $"greeting is '{await redis.GetAsync("greeting")}', farewell is {await redis.GetAsync("farewell") ?? "missing"}");

// Any command can be sent, also one of a module or of a newer server: its name, its arguments, the shape of its reply.
_ = await redis.ExecuteAsync(RedisCommand.Create("HSET", "user:1", "name", "Ada", "born", 1815), Replies.Integer);
Dictionary<string, string?> user = await redis.ExecuteAsync(RedisCommand.Create("HGETALL", "user:1"), Replies.MapOf(Replies.Text, Replies.Text));
Say("any command", $"{user["name"]}, born {user["born"]}");

// Callers at the same time share the wire: what they send leaves together, and nobody had to ask for that.
long began = Stopwatch.GetTimestamp();
await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => redis.SetAsync($"key:{i}", i).AsTask()));
Say("10,000 calls", Speed(10_000, began));

// A batch says so explicitly: many commands in one write, each with a result of its own.
var batch = new RedisBatch();
List<BatchResult<string?>> values = [.. Enumerable.Range(0, 10_000).Select(i => batch.Add(RedisStrings.Get($"key:{i}")))];
began = Stopwatch.GetTimestamp();
await redis.ExecuteAsync(batch);
Say("10,000 in a batch", $"{Speed(10_000, began)}; the last one is {values[^1].Value}");

// A script runs on the server as one step. It is sent by its hash, and with its text once to a server that does not know it.
LuaScript takeOne = LuaScript.FromText("local left = redis.call('DECR', KEYS[1]) if left < 0 then redis.call('SET', KEYS[1], 0) end return left");
await redis.SetAsync("tickets", 2);
for (int buyer = 1; buyer <= 3; buyer++)
{
    long left = await redis.EvaluateAsync(takeOne, ["tickets"], [], Replies.Integer);
    Say("script", left < 0 ? $"buyer {buyer}: sold out" : $"buyer {buyer}: a ticket, {left} left");
}

// A subscription is a stream. It outlives lost connections, and says where messages may be missing.
await using (RedisSubscription news = await redis.SubscribeAsync(["news"]))
{
    _ = await redis.PublishAsync("news", "it works");
    await foreach (RedisMessage message in news)
    {
        Say("subscription", message.Kind == RedisMessageKind.Gap ? "messages may be missing here: read the state anew" : $"'{message.Text}' on {message.Channel}");
        break;
    }
}

// Every wait takes a token, and has a deadline without one. A command that blocks gets a connection of its own.
using (var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
{
    began = Stopwatch.GetTimestamp();
    try
    {
        _ = await redis.ExecuteAsync(RedisCommand.Create("BLPOP", "empty", 0), Replies.Any, patience.Token);
    }
    catch (OperationCanceledException)
    {
        Say("cancellation", $"left a command that waits for ever after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms; everybody else goes on: {await redis.GetAsync("greeting")}");
    }
}

// A server given in the environment is somebody else's; only our own one is restarted.
if (server.Primary.Directory is not null)
{
    // Callers read on while the server goes down and comes up again. Reads are sent again; writes that may have been executed never are.
    using var stop = new CancellationTokenSource();
    Task<(int Reads, double LongestMs)> reader = ReadUntilAsync(stop.Token);
    await server.RestartAsync(keepData: true);
    string? after = await redis.GetAsync("greeting");
    await stop.CancelAsync();
    (int reads, double longest) = await reader;
    Say("server restart", $"{reads:N0} reads meanwhile, none failed, the longest took {longest:0} ms; greeting is still '{after}'");
}

Say("done", "next: README.md, and docs/ for each of these in depth");

async Task<(int Reads, double LongestMs)> ReadUntilAsync(CancellationToken stop)
{
    (int reads, double longest) = (0, 0);
    while (!stop.IsCancellationRequested)
    {
        long start = Stopwatch.GetTimestamp();
        _ = await redis.GetAsync("greeting", CancellationToken.None);
        longest = Math.Max(longest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        reads++;
    }

    return (reads, longest);
}

static string Speed(int commands, long began)
{
    TimeSpan took = Stopwatch.GetElapsedTime(began);
    return $"{took.TotalMilliseconds:0} ms, {commands / took.TotalSeconds:N0} a second";
}

static void Say(string what, string text) => Console.WriteLine($"{what,18}  {text}");
