using System.Runtime.CompilerServices;

namespace RedisToolkit.Tests;

/// <summary>One hash of a test, with what is looked at behind the library's back.</summary>
internal sealed class FieldsUnderTest : IAsyncDisposable
{
    private FieldsUnderTest(IRedisClient redis, HashFieldStorage storage, string key)
    {
        Redis = redis;
        Fields = new HashFields(redis, new HashFieldsOptions { Storage = storage });
        Key = key;
    }

    public IRedisClient Redis { get; }

    public HashFields Fields { get; }

    public string Key { get; }

    public string Deadlines => $"{{{Key}}}:field-deadlines";

    public static async Task<FieldsUnderTest> OpenAsync(Target target, HashFieldStorage storage, [CallerMemberName] string test = "") =>
        new(await target.ConnectAsync(), storage, TestServers.NewKey(test));

    public HashFields With(HashFieldStorage storage) => new(Redis, new HashFieldsOptions { Storage = storage });

    public ValueTask<T> SendAsync<T>(ReplyReader<T> reply, string name, params RedisArgument[] arguments) => Redis.ExecuteAsync(RedisCommand.Create(name, arguments), reply);

    public Task<bool> HasDeadlinesBesideAsync() => Redis.ExistsAsync(Deadlines).AsTask();

    public static void Same(string?[] expected, string?[] actual) => Assert.Equal((IEnumerable<string?>)expected, actual);

    /// <summary>Waits until a field is missing.</summary>
    public Task GoneAsync(string field) => Bounded.Until(async () => await Fields.GetAsync(Key, field) is null, $"{field} is gone");

    public ValueTask DisposeAsync() => Redis.DisposeAsync();
}
