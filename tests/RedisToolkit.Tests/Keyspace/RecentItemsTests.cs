namespace RedisToolkit.Tests.Keyspace;

/// <summary>What is remembered of a scan.</summary>
public sealed class RecentItemsTests
{
    [Fact]
    public void Memory_is_bounded_what_is_new_always_passes_and_what_is_recent_never_again()
    {
        const int Most = 100_000;
        var recent = new RecentItems(Most);
        var random = new Random(4);
        var last = new Queue<RedisBytes>();
        for (int i = 0; i < 50_000; i++)
        {
            var item = new RedisBytes(System.Text.Encoding.ASCII.GetBytes($"key:{i}:{new string('x', random.Next(50))}"));
            Assert.True(recent.Add(item));
            Assert.InRange(recent.Bytes, 1, Most);
            last.Enqueue(item);
            if (last.Count > 500) last.Dequeue();
            Assert.False(recent.Add(last.ElementAt(random.Next(last.Count))));
        }

        Assert.True(recent.Add(new RedisBytes("key:0:"u8.ToArray())) || recent.Bytes <= Most);
    }

    [Fact]
    public void With_no_memory_everything_passes()
    {
        var recent = new RecentItems(0);
        Assert.True(recent.Add(new RedisBytes([1])));
        Assert.True(recent.Add(new RedisBytes([1])));
        Assert.Equal(0, recent.Bytes);
    }
}
