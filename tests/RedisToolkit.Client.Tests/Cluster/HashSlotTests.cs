using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Cluster;

/// <summary>Keys lie in the slots in which the servers look for them.</summary>
public sealed class HashSlotTests
{
    [Theory]
    [InlineData("123456789", 0x31C3)]      // the check value of CRC16/XMODEM
    [InlineData("", 0)]
    [InlineData("foo", 12182)]
    [InlineData("{user1000}.following", 3443)]
    [InlineData("{user1000}.followers", 3443)]
    [InlineData("user1000", 3443)]
    public void Known_keys_lie_in_known_slots(string key, int slot) => Assert.Equal(slot & 16383, HashSlot.Of((RedisArgument)key));

    [Theory]
    [InlineData("foo{}{bar}", "foo{}{bar}")]    // an empty tag is none, and the second does not count
    [InlineData("foo{{bar}}zap", "{bar")]
    [InlineData("foo{bar}{zap}", "bar")]
    [InlineData("{open", "{open")]
    [InlineData("close}", "close}")]
    [InlineData("}{", "}{")]
    public void Only_the_first_tag_counts_and_only_if_it_is_not_empty(string key, string hashed)
    {
        // Without braces of its own the hashed part is the whole key.
        byte[] bytes = Encoding.UTF8.GetBytes(hashed);
        int expected = CrcOf(bytes) & 16383;
        Assert.Equal(expected, HashSlot.Of((RedisArgument)key));
        Assert.Equal(expected, HashSlot.Of(Encoding.UTF8.GetBytes(key)));
    }

    [Fact]
    public void Numbers_as_keys_lie_where_their_spelling_does()
    {
        foreach (long number in new[] { 0, 7, -1, 1234567890123, long.MinValue, long.MaxValue })
            Assert.Equal(HashSlot.Of(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))), HashSlot.Of((RedisArgument)number));
        foreach (double number in new[] { 0.1, 1e300, -2.5, double.PositiveInfinity, double.NegativeInfinity })
            Assert.Equal(HashSlot.Of(((RedisArgument)number).ToBytes()), HashSlot.Of((RedisArgument)number));
    }

    [Fact]
    public void Text_and_its_bytes_lie_in_one_slot() => Prop.ForAll(Texts().ToArbitrary(), text =>
        (HashSlot.Of((RedisArgument)text) == HashSlot.Of(Encoding.UTF8.GetBytes(text))).ToProperty()).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public async Task A_server_finds_keys_in_the_same_slots()
    {
        RedisServer server = await ClusterServers.GetAsync();
        await using RedisClient redis = await Servers.ConnectAsync(server);
        var random = new Random(7);
        var batch = new RedisBatch();
        var expected = new List<int>();
        var slots = new List<BatchResult<long>>();
        byte[][] keys = [.. Gen.Sample(Texts(), 900).Select(Encoding.UTF8.GetBytes), .. Enumerable.Range(0, 600).Select(_ => RandomBytes(random))];
        foreach (byte[] key in keys)
        {
            expected.Add(HashSlot.Of((RedisArgument)key));
            slots.Add(batch.Add(RedisCommand.Create("CLUSTER", "KEYSLOT", key), Replies.Integer));
        }

        await redis.ExecuteAsync(batch);
        for (int i = 0; i < keys.Length; i++) Assert.True(expected[i] == slots[i].Value, $"{Convert.ToHexString(keys[i])}: {expected[i]} here, {slots[i].Value} there");
    }

    [Theory]
    [InlineData("GET", new[] { "a" }, true)]
    [InlineData("MGET", new[] { "{x}a", "{x}b" }, true)]
    [InlineData("MGET", new[] { "a", "b" }, false)]
    [InlineData("RENAME", new[] { "a", "b" }, false)]
    [InlineData("EVAL", new[] { "return 1", "2", "{x}a", "{x}b" }, true)]
    [InlineData("EVAL", new[] { "return 1", "2", "a", "b" }, false)]
    [InlineData("XREAD", new[] { "STREAMS", "a", "b", "0", "0" }, false)]
    public void The_keys_of_a_command_decide_on_its_slot(string name, string[] arguments, bool inOne)
    {
        int slot = CommandSlots.Of(RedisCommand.Create(name, [.. arguments.Select(argument => (RedisArgument)argument)]));
        if (inOne) Assert.InRange(slot, 0, 16383);
        else Assert.Equal(HashSlot.Several, slot);
    }

    [Theory]
    [InlineData("PING", new string[0])]
    [InlineData("EVAL", new[] { "return 1", "0" })]
    [InlineData("GET", new string[0])]
    [InlineData("CLUSTER", new[] { "INFO" })]
    public void A_command_without_keys_has_no_slot(string name, string[] arguments) =>
        Assert.Equal(HashSlot.None, CommandSlots.Of(RedisCommand.Create(name, [.. arguments.Select(argument => (RedisArgument)argument)])));

    [Fact]
    public void A_command_of_a_module_is_taken_to_begin_with_its_key() =>
        Assert.Equal(HashSlot.Of((RedisArgument)"doc"), CommandSlots.Of(RedisCommand.Create("JSON.GET", "doc", "$")));

    [Fact]
    public void Finding_the_slot_of_a_command_allocates_nothing()
    {
        RedisCommand text = RedisStrings.Get("user:{1234}:näme").Command, several = RedisCommand.Create("MGET", "{a}1", "{a}2", "{a}3");
        _ = CommandSlots.Of(text) + CommandSlots.Of(several);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int sum = 0;
        for (int i = 0; i < 1000; i++) sum += CommandSlots.Of(text) + CommandSlots.Of(several);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);
    }

    /// <summary>Text with braces more often than chance would have it, and beyond ASCII.</summary>
    private static Gen<string> Texts() =>
        Gen.Elements("{", "}", "a", "b:", "1", "ä", "€", "😀", "\r\n", "\0", "user").ListOf().Select(parts => string.Concat(parts));

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(0, 40)];
        random.NextBytes(bytes);
        if (bytes.Length > 3 && random.Next(2) == 0) bytes[random.Next(bytes.Length)] = (byte)'{';
        if (bytes.Length > 3 && random.Next(2) == 0) bytes[random.Next(bytes.Length)] = (byte)'}';
        return bytes;
    }

    private static int CrcOf(byte[] bytes)
    {
        int crc = 0;
        foreach (byte b in bytes)
        {
            crc ^= b << 8;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        }

        return crc & 0xFFFF;
    }
}
