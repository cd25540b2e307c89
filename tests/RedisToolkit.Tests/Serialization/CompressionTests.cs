using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Tests.Serialization;

/// <summary>Compression over any serializer.</summary>
public sealed class CompressionTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    public static IEnumerable<object[]> Settings { get; } =
        from method in Enum.GetValues<CompressionMethod>()
        from level in Enum.GetValues<CompressionLevel>()
        select new object[] { method, level };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_value_comes_back_whatever_the_settings_are_by_then(CompressionMethod method, CompressionLevel level)
    {
        IValueSerializer<byte[]> writer = Of(new ValueCompression { Method = method, Level = level, MinBytes = 1 });
        IValueSerializer<byte[]>[] readers = [Of(ValueCompression.None), Of(ValueCompression.Brotli), Of(ValueCompression.Deflate)];
        Config config = level == CompressionLevel.SmallestSize ? Thorough.WithMaxTest(200) : Thorough;
        Prop.ForAll(Values().ToArbitrary(), value =>
        {
            byte[] stored = SerializerTests.Serialized(writer, value);
            return stored.Length <= value.Length + 11 && readers.All(reader => reader.Deserialize(stored).AsSpan().SequenceEqual(value));
        }).Check(config);
    }

    [Fact]
    public void Corrupt_bytes_are_an_error_or_the_value_itself_and_nothing_else()
    {
        Gen<(byte[] Stored, byte[] Value)> damaged =
            from value in Values()
            from method in Gen.Elements(CompressionMethod.Deflate, CompressionMethod.Brotli)
            from at in Gen.Choose(1, 1_000_000)
            from with in Gen.Choose(0, 255)
            from cut in Gen.Elements(true, false)
            select (Damage(SerializerTests.Serialized(Of(new ValueCompression { Method = method, MinBytes = 1 }), value), at, (byte)with, cut), value);
        IValueSerializer<byte[]> reader = Of(ValueCompression.None with { MaxBytes = 100_000 });
        Prop.ForAll(damaged.ToArbitrary(), pair =>
        {
            if (pair.Stored.Length == 0 || pair.Stored[0] != 0xC1) return true;
            try
            {
                return reader.Deserialize(pair.Stored).AsSpan().SequenceEqual(pair.Value);
            }
            catch (RedisValueException)
            {
                return true;
            }
        }).Check(Thorough.WithMaxTest(5_000));
    }

    [Fact]
    public void Any_bytes_behind_the_mark_are_an_error_of_ours_and_take_no_more_memory_than_allowed()
    {
        IValueSerializer<byte[]> reader = Of(ValueCompression.None with { MaxBytes = 4096 });
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            foreach (byte method in (byte[])[0, 1, 2])
            {
                try
                {
                    if (reader.Deserialize([0xC1, method, .. bytes]).Length > 4096) return false;
                }
                catch (RedisValueException)
                {
                    // As it should be.
                }
            }

            return true;
        }).Check(Thorough.WithMaxTest(5_000));
    }

    [Theory]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Deflate)]
    public void A_small_value_that_would_grow_huge_is_refused_before_it_does(CompressionMethod method)
    {
        byte[] bomb = SerializerTests.Serialized(Of(new ValueCompression { Method = method, MaxBytes = 100_000_000 }), new byte[50_000_000]);
        Assert.InRange(bomb.Length, 1, 500_000);
        IValueSerializer<byte[]> reader = Of(ValueCompression.None with { MaxBytes = 1_000_000 });
        long before = GC.GetAllocatedBytesForCurrentThread();
        RedisValueException error = Assert.Throws<RedisValueException>(() => reader.Deserialize(bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains("1,000,000", error.Message, StringComparison.Ordinal);
        // A header that lies: the content has more than it says.
        byte[] lying = [.. bomb];
        _ = new ValueHeader(method, 1000, 0).Write(lying);
        Assert.Throws<RedisValueException>(() => reader.Deserialize(lying));
    }

    [Theory]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Deflate)]
    public void Only_what_is_long_enough_and_gets_smaller_is_compressed(CompressionMethod method)
    {
        IValueSerializer<byte[]> serializer = Of(new ValueCompression { Method = method, MinBytes = 1000 });
        byte[] random = new byte[5000];
        new Random(1).NextBytes(random);
        random[0] = 1;
        Assert.Equal(random, SerializerTests.Serialized(serializer, random));
        Assert.Equal(999, SerializerTests.Serialized(serializer, new byte[999]).Length);
        Assert.InRange(SerializerTests.Serialized(serializer, new byte[1000]).Length, 1, 100);
    }

    [Fact]
    public void What_begins_like_a_compressed_value_is_told_apart()
    {
        byte[] value = [0xC1, 1, 2, 3];
        foreach (ValueCompression compression in new[] { ValueCompression.None, ValueCompression.Brotli })
        {
            byte[] stored = SerializerTests.Serialized(Of(compression), value);
            Assert.NotEqual(value, stored);
            Assert.Equal(value, Of(ValueCompression.Deflate).Deserialize(stored));
        }
    }

    [Fact]
    public void What_is_too_long_is_refused_while_it_is_written()
    {
        IValueSerializer<byte[]> serializer = Of(ValueCompression.Brotli with { MaxBytes = 1000 });
        ArgumentException error = Assert.Throws<ArgumentException>(() => SerializerTests.Serialized(serializer, new byte[1001]));
        Assert.Contains("1,000", error.Message, StringComparison.Ordinal);
        Assert.Equal(new byte[1000], serializer.Deserialize(SerializerTests.Serialized(serializer, new byte[1000])));
    }

    [Fact]
    public void Settings_out_of_their_range_are_all_named()
    {
        var wrong = new ValueCompression { Method = (CompressionMethod)7, Level = (CompressionLevel)9, MinBytes = 0, MaxBytes = -1 };
        Assert.Equal(4, Assert.Throws<RedisOptionsException>(() => ValueSerializers.Bytes.Compressed(wrong)).Faults.Count);
    }

    private static IValueSerializer<byte[]> Of(ValueCompression compression) => ValueSerializers.Bytes.Compressed(compression);

    // Bytes that compress well, badly, and not at all; some begin with the mark.
    private static Gen<byte[]> Values() =>
        from first in Gen.Elements<byte>(0xC1, (byte)'{', 0)
        from length in Gen.Choose(0, 3000)
        from kinds in Gen.Choose(1, 256)
        from seed in Gen.Choose(0, int.MaxValue)
        select Value(first, length, kinds, seed);

    private static byte[] Value(byte first, int length, int kinds, int seed)
    {
        var random = new Random(seed);
        byte[] value = [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(kinds))];
        if (length > 0) value[0] = first;
        return value;
    }

    private static byte[] Damage(byte[] stored, int at, byte with, bool cut)
    {
        if (stored.Length == 0) return stored;
        at %= stored.Length;
        if (cut) return stored[..at];
        stored[at] = with;
        return stored;
    }
}
