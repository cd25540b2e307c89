using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Tests;

/// <summary>A companion lies in the slot of its key, is no other key's, and tells whose it is.</summary>
public sealed class CompanionKeyTests
{
    private static readonly byte[] Suffix = ":field-deadlines"u8.ToArray();

    [Theory]
    [InlineData("dash:7", "{dash:7}:field-deadlines")]
    [InlineData("user:{7}:dash", "user:{7}:dash:field-deadlines:t")]
    [InlineData("{dash:7}", "{dash:7}:field-deadlines:t")]
    [InlineData("a{b", "{a{b}:field-deadlines")]
    [InlineData("a}b", "{20658}a}b:field-deadlines:s")]
    public void A_companion_has_the_name_that_the_documentation_says(string key, string companion) =>
        Assert.Equal(companion, Encoding.UTF8.GetString(CompanionKeys.Of(Encoding.UTF8.GetBytes(key), Suffix)));

    [Fact]
    public void It_holds_for_every_key_whatever_braces_it_has() => Prop.ForAll(Keys().ToArbitrary(), Keys().ToArbitrary(), (one, other) =>
    {
        byte[] companion = CompanionKeys.Of(one, Suffix);
        bool sameSlot = CompanionKeys.SlotOf(companion) == CompanionKeys.SlotOf(one);
        bool known = CompanionKeys.OwnerOf(companion, Suffix) is { } owner && owner.AsSpan().SequenceEqual(one);
        bool alone = one.AsSpan().SequenceEqual(other) || !companion.AsSpan().SequenceEqual(CompanionKeys.Of(other, Suffix));
        bool noCompanion = CompanionKeys.OwnerOf(one, ":stored-fields"u8) is null;
        return (sameSlot && known && alone && noCompanion).Label(Encoding.UTF8.GetString(one));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public async Task The_servers_say_the_same_of_slots()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Topology = RedisTopology.Cluster, Replicas = 0 });
        foreach (string key in new[] { "123456789", "dash:7", "user:{7}:x", "{}x", "a}b", "a{}b{c}", "{a}{b}", "}{", "{a{b}", "{20658}a}b:field-deadlines:s" })
        {
            CommandReply slot = await server.CommandAsync("CLUSTER", "KEYSLOT", key);
            Assert.Equal(slot.ToInt64(), CompanionKeys.SlotOf(Encoding.UTF8.GetBytes(key)));
        }
    }

    private static Gen<byte[]> Keys() => Gen.Elements((byte)'{', (byte)'}', (byte)'a', (byte)':', (byte)'7').NonEmptyListOf().Select(bytes => bytes.Take(8).ToArray());
}
