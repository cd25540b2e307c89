using System.Text.Json.Serialization;

namespace RedisToolkit.Tests.Docs;

// The code of docs/repositories.md.
public sealed record User(string Name, int Age);

[JsonSerializable(typeof(User))]
internal sealed partial class ShopJson : JsonSerializerContext;

/// <summary>The code of docs/repositories.md, on a server of its own.</summary>
public sealed class RepositoriesSnippets
{
    [Fact]
    public async Task The_code_of_the_page_on_repositories_does_what_the_page_says()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
        var names = new KeyNames("shop");                                       // all keys begin with shop:
        KeyTemplate<User, int> keys = names.Template<User, int>("user:{id}");   // shop:user:42
        var users = new JsonRepository<User, int>(redis, keys, ShopJson.Default.User, new() { TimeToLive = TimeToLive.After(TimeSpan.FromDays(30)) });
        Assert.Equal("shop:user:42", keys.Of(42));
        User ada = await Basics(users);
        await Times(users, ada);
        await Creating(users, CancellationToken.None);
        await Versions(users);
        await Ids(redis);
        KeyTemplate<User, int> shorter = names.Template<User, int>("u:{id}").FormerlyNamed("user:{id}");
        JsonRepositoryOptions compressed = users.Options with { Compression = ValueCompression.Brotli };
        var moved = new JsonRepository<User, int>(redis, shorter, ShopJson.Default.User, compressed);
        Assert.Equal(await users.GetAsync(42), await moved.GetAsync(42));
    }

    private static async Task<User> Basics(JsonRepository<User, int> users)
    {
        CancellationToken cancellationToken = CancellationToken.None;
        await users.SetAsync(42, new User("Ada", 36));
        User? ada = await users.GetAsync(42);                           // null if there is none
        User?[] some = await users.GetManyAsync([42, 43, 44]);          // one round trip, in this order, null for the missing
        await users.SetManyAsync(new Dictionary<int, User> { [1] = new("Grace", 85), [2] = new("Edsger", 72) });
        bool added = await users.AddAsync(42, new User("Ada", 1));      // only if there is none
        bool replaced = await users.ReplaceAsync(42, new User("Ada", 37)); // only if there is one
        bool there = await users.ExistsAsync(42);
        bool deleted = await users.DeleteAsync(43);

        await foreach ((int id, User user) in users.EnumerateAsync(cancellationToken)) Console.WriteLine($"{id}: {user.Name}");

        Assert.Equal((IEnumerable<User?>)[ada, null, null], some);
        Assert.Equal((false, true, true, false), (added, replaced, there, deleted));
        return ada!;
    }

    private static async Task Times(JsonRepository<User, int> users, User ada)
    {
        await users.SetAsync(42, ada, TimeToLive.After(TimeSpan.FromHours(1)));
        await users.ReplaceAsync(42, ada, TimeToLive.Unchanged);
        await users.TouchAsync(42);                                     // as long again as the repository says
        KeyTimeToLive left = await users.GetTimeToLiveAsync(42);
        Assert.InRange(left.Left!.Value, TimeSpan.FromDays(29), TimeSpan.FromDays(30));
    }

    private static async Task Creating(JsonRepository<User, int> users, CancellationToken cancellationToken)
    {
        User user = await users.GetOrCreateAsync(42, async (id, token) => await LoadUserAsync(id, token), cancellationToken: cancellationToken);
        Assert.Equal("Ada", user.Name);
    }

    private static async Task<User> LoadUserAsync(int id, CancellationToken token)
    {
        await Task.Delay(1, token);
        return new User("loaded", id);
    }

    private static async Task Versions(JsonRepository<User, int> users)
    {
        Versioned<User>? read = await users.GetVersionedAsync(42);
        EntityVersion? written = await users.ReplaceAsync(42, read!.Entity with { Age = 37 }, read.Version);
        if (written is null) Console.WriteLine("Somebody else has changed it.");

        User? older = await users.UpdateAsync(42, current => current with { Age = current.Age + 1 });

        Assert.NotNull(written);
        Assert.Equal(38, older!.Age);
    }

    private static async Task Ids(RedisClient redis)
    {
        var ids = new IdSequence(redis, "shop:user:ids", blockSize: 100);
        long id = await ids.NextAsync();                                // a round trip for every hundredth
        IdBlock block = await ids.ReserveAsync(1000);                   // block.First to block.Last, for this caller alone
        Assert.Equal((1, 101, 1100), (id, block.First, block.Last));
    }
}
