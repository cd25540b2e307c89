namespace RedisToolkit.Tests;

/// <summary>Repositories of people, each under a prefix that no other test uses.</summary>
internal static class People
{
    public static JsonRepositoryOptions AnHour { get; } = new() { TimeToLive = TimeToLive.After(TimeSpan.FromHours(1)) };

    public static KeyNames NewNames() => new("people-" + Guid.NewGuid().ToString("N"));

    public static JsonRepository<Person, int> Repository(IRedisClient redis, KeyNames? names = null, JsonRepositoryOptions? options = null, string template = "person:{id}") =>
        new(redis, (names ?? NewNames()).Template<Person, int>(template), TestJson.Default.Person, options ?? AnHour);
}
