using System.Reflection;

namespace RedisToolkit.Tests.HashRepositories;

/// <summary>Every type comes back from the server as it was stored.</summary>
public sealed class TypesTests
{
    private static readonly PropertyInfo[] Members = typeof(AllTypes).GetProperties();

    [Theory, EveryTarget]
    public async Task Whatever_values_there_are_they_come_back_the_same(Target target)
    {
        await using IRedisClient redis = await target.ConnectAsync();
        var all = new HashRepository<AllTypes, int>(redis, Products.NewNames().Template<AllTypes, int>(), MoreHashes.AllTypes, Products.AnHour);
        AllTypes[] values = [.. Entities.Sample(60)];
        await all.SetManyAsync(values.Select((value, id) => new KeyValuePair<int, AllTypes>(id, value)).ToArray());
        AllTypes?[] read = await all.GetManyAsync([.. Enumerable.Range(0, values.Length)]);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.NotNull(read[i]);
            Assert.All(Members, member => Assert.Equal(member.GetValue(values[i]).Comparable(), member.GetValue(read[i]).Comparable()));
        }
    }

    [Fact]
    public async Task The_ends_of_each_range_come_back_the_same()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        var all = new HashRepository<AllTypes, int>(redis, Products.NewNames().Template<AllTypes, int>(), MoreHashes.AllTypes, Products.AnHour);
        var least = new AllTypes();
        var most = new AllTypes();
        foreach (PropertyInfo member in Members)
        {
            Type type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
            if ((type.GetField("MinValue") ?? (MemberInfo?)type.GetProperty("MinValue")) is null) continue;
            member.SetValue(least, Constant(type, "MinValue"));
            member.SetValue(most, Constant(type, "MaxValue"));
        }

        // The one at the end is half of a pair, and no character by itself.
        (least.Char, most.Char, least.MaybeChar, most.MaybeChar) = ('\0', '\ud7ff', '\ue000', '\uffff');
        (least.Double, most.Double, least.Single, most.Single, least.Half, most.Half) = (double.NegativeInfinity, double.NaN, float.NaN, float.PositiveInfinity, Half.NegativeInfinity, Half.Epsilon);
        (least.MaybeDouble, most.MaybeDouble, least.MaybeSingle) = (-0.0, double.Epsilon, 0.1f + 0.2f);
        foreach (AllTypes value in new[] { least, most })
        {
            await all.SetAsync(1, value);
            AllTypes? read = await all.GetAsync(1);
            Assert.All(Members, member => Assert.Equal(member.GetValue(value).Comparable(), member.GetValue(read).Comparable()));
        }
    }

    [Theory]
    [InlineData("bool", "true", true)]
    [InlineData("bool", "False", false)]
    [InlineData("bool", "1", true)]
    [InlineData("enum", "2", Shelf.Back)]
    [InlineData("enum", "77", (Shelf)77)]
    [InlineData("flags", "Read, Write", Rights.Read | Rights.Write)]
    [InlineData("namedFlags", "3", Rights.Read | Rights.Write)]
    [InlineData("double", "inf", double.PositiveInfinity)]
    [InlineData("double", "3", 3.0)]
    [InlineData("double", "1e3", 1000.0)]
    [InlineData("string", "", "")]
    [InlineData("int32", "-7", -7)]
    public async Task What_others_may_have_written_is_read(string field, string text, object expected)
    {
        (HashRepository<AllTypes, int> all, RedisClient redis) = await OneFieldAsync(field, text);
        await using RedisClient _ = redis;
        AllTypes? read = await all.GetAsync(1);
        Assert.Equal(expected, Members.Single(member => member.Name.Equals(field, StringComparison.OrdinalIgnoreCase)).GetValue(read));
    }

    [Theory]
    [InlineData("bool", "2")]
    [InlineData("bool", "")]
    [InlineData("char", "ab")]
    [InlineData("char", "")]
    [InlineData("char", "😀")]
    [InlineData("byte", "256")]
    [InlineData("int32", "1.5")]
    [InlineData("int32", " 1")]
    [InlineData("int32", "1\0")]
    [InlineData("int32", "")]
    [InlineData("int32", "99999999999")]
    [InlineData("double", "")]
    [InlineData("double", "1,5")]
    [InlineData("double", "1\0")]
    [InlineData("decimal", "1,000")]
    [InlineData("decimal", "1\0")]
    [InlineData("enum", "Nowhere")]
    [InlineData("enum", "back")]
    [InlineData("enum", "")]
    [InlineData("dateTime", "12:30")]
    [InlineData("dateTime", "11/21/2026")]
    [InlineData("dateTimeOffset", "yesterday")]
    [InlineData("dateOnly", "2026-02-30")]
    [InlineData("timeOnly", "25:00:00")]
    [InlineData("timeSpan", "a while")]
    [InlineData("guid", "1")]
    [InlineData("version", "x")]
    [InlineData("list", "{")]
    [InlineData("list", "null")]
    [InlineData("size", "[]")]
    public async Task A_field_that_holds_something_else_is_named_with_its_key_and_never_shown(string field, string text)
    {
        (HashRepository<AllTypes, int> all, RedisClient redis) = await OneFieldAsync(field, text);
        await using RedisClient _ = redis;
        RedisValueException error = await Assert.ThrowsAsync<RedisValueException>(async () => await all.GetAsync(1));
        Assert.Equal(all.Keys.Of(1), error.Key);
        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
        if (text.Length > 3 && text != "null") Assert.DoesNotContain(text, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(text, await redis.HashGetAsync(error.Key!, field));
    }

    [Fact]
    public async Task Text_that_is_no_UTF8_is_refused()
    {
        await using RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        var all = new HashRepository<AllTypes, int>(redis, Products.NewNames().Template<AllTypes, int>(), MoreHashes.AllTypes, Products.AnHour);
        foreach (string field in new[] { "string", "char", "uri" })
        {
            await redis.DeleteAsync(all.Keys.Of(1));
            await redis.HashSetAsync(all.Keys.Of(1), field, new byte[] { 0xFF, 0xFE });
            await Assert.ThrowsAsync<RedisValueException>(async () => await all.GetAsync(1));
        }

        await Assert.ThrowsAsync<ArgumentException>(async () => await all.SetAsync(1, new AllTypes { Char = '\ud800' }));
        await Assert.ThrowsAsync<ArgumentException>(async () => await all.SetAsync(1, new AllTypes { String = "\ud800" }));
    }

    private static async Task<(HashRepository<AllTypes, int> All, RedisClient Redis)> OneFieldAsync(string field, string text)
    {
        RedisClient redis = await RedisClient.ConnectAsync((await TestServers.GetAsync()).ConnectionString);
        var all = new HashRepository<AllTypes, int>(redis, Products.NewNames().Template<AllTypes, int>(), MoreHashes.AllTypes, Products.AnHour);
        await redis.HashSetAsync(all.Keys.Of(1), field, text);
        return (all, redis);
    }

    private static object? Constant(Type type, string name) => type.GetField(name)?.GetValue(null) ?? type.GetProperty(name)!.GetValue(null);
}
