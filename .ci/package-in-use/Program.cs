using System.Text.Json.Serialization;
using RedisToolkit;
using RedisToolkit.Client;
using RedisToolkit.Testing;

await using RedisServer server = await RedisServer.StartAsync();
await using RedisClient redis = await RedisClient.ConnectAsync(server.ConnectionString);
KeyTemplate<Book, int> keys = new KeyNames("shop").Template<Book, int>();
var books = new HashRepository<Book, int>(redis, keys, Hashes.Book, new() { TimeToLive = TimeToLive.Days(1) });

var book = new Book("Notes", 7.50m) { Kind = Kind.Paper, Tags = ["old"], Published = new DateOnly(1843, 9, 1) };
await books.SetAsync(1, book);
Book? read = await books.GetAsync(1);
int? stock = await books.IncrementAsync(1, Hashes.Book.Stock, -1);
(decimal? price, Kind? kind) = await books.GetAsync(1, Hashes.Book.Price, Hashes.Book.Kind);
bool isRight = read is { Title: "Notes", Price: 7.50m, Stock: 3, Kind: Kind.Paper, Tags: ["old"] } && read.Published == book.Published && (stock, price, kind) == (2, 7.50m, Kind.Paper);

// A hash of before the property was there: it keeps what it is initialized with.
await redis.HashDeleteAsync(keys.Of(1), ["stock"]);
isRight &= (await books.GetAsync(1))!.Stock == 3;
Console.WriteLine(isRight ? "The packages work." : $"Not as it was stored: {read}, {stock}, {price}, {kind}");
return isRight ? 0 : 1;

internal enum Kind
{
    Unknown,
    Paper,
}

internal sealed record Book(string Title, decimal Price)
{
    public int Stock { get; init; } = 3;

    public Kind Kind { get; init; }

    public DateOnly? Published { get; init; }

    public List<string>? Tags { get; init; }
}

[JsonSerializable(typeof(List<string>))]
internal sealed partial class BookJson : JsonSerializerContext;

[RedisHash(typeof(Book), JsonContext = typeof(BookJson))]
internal static partial class Hashes;
