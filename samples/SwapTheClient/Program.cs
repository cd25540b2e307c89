// One service, two clients: over the multiplexer that an application has already, and over RedisToolkit's own connections. Run it with
//
//     dotnet run -c Release --project samples/SwapTheClient
//
// It needs nothing but the .NET SDK: RedisToolkit.Testing finds a Redis server on this machine, or fetches one.
using System.Diagnostics;
using RedisToolkit.Client;
using RedisToolkit.StackExchangeRedis;
using RedisToolkit.Testing;
using StackExchange.Redis;

const int Callers = 50;
const int CallsEach = 1_000;
const int Rounds = 5;

await using RedisServer server = await RedisServer.StartAsync();
Console.WriteLine($"{server.Description}, {Callers} callers, each {CallsEach:N0} times GET and SET of 100 bytes; medians of {Rounds} rounds\n");

// What the application has today.
using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync($"localhost:{server.Port}");

// This is the line to swap: the service below does not notice.
await using IRedisClient over = StackExchangeRedisClient.Create(multiplexer);
await using IRedisClient own = await RedisClient.ConnectAsync(server.ConnectionString);

(string Name, IRedisClient Client)[] clients = [("over StackExchange.Redis", over), ("RedisToolkit's own", own)];
double[,] speeds = new double[clients.Length, Rounds];
foreach ((_, IRedisClient client) in clients) _ = await VisitsPerSecondAsync(client);
for (int round = 0; round < Rounds; round++)
{
    for (int i = 0; i < clients.Length; i++) speeds[i, round] = await VisitsPerSecondAsync(clients[i].Client);
}

for (int i = 0; i < clients.Length; i++)
{
    double[] sorted = [.. Enumerable.Range(0, Rounds).Select(round => speeds[i, round]).Order()];
    Console.WriteLine($"{clients[i].Name,26}  {sorted[Rounds / 2],10:N0} calls a second");
}

Console.WriteLine($"\n{"blocking commands",26}  {await SaysAsync(over)}");
Console.WriteLine($"{"",26}  {await SaysAsync(own)}");

// The service: it knows only IRedisClient.
static async Task<double> VisitsPerSecondAsync(IRedisClient redis)
{
    string page = new('x', 100);
    long began = Stopwatch.GetTimestamp();
    await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
    {
        for (int i = 0; i < CallsEach; i++)
        {
            await redis.SetAsync($"page:{caller}", page);
            if (await redis.GetAsync($"page:{caller}") != page) throw new InvalidDataException("That is not what was stored.");
        }
    })));
    return 2 * Callers * CallsEach / Stopwatch.GetElapsedTime(began).TotalSeconds;
}

// What one of them cannot do, it says before anything is sent.
static async Task<string> SaysAsync(IRedisClient redis)
{
    try
    {
        RedisReply reply = await redis.ExecuteAsync(RedisCommand.Create("BLPOP", "no such list", 0.05), Replies.Any);
        return reply.IsNull ? "waited 50 ms for an element; none came" : "there was an element";
    }
    catch (NotSupportedException refusal)
    {
        return refusal.Message;
    }
}
