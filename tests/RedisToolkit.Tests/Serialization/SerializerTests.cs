using System.Buffers;
using System.Text.Json;

namespace RedisToolkit.Tests.Serialization;

/// <summary>Values to bytes and back.</summary>
public sealed class SerializerTests
{
    [Fact]
    public void JSON_by_reflection_and_by_generated_code_are_the_same()
    {
        var person = new Person("Ada <&> ü", 36, "x", ["a"]);
        byte[] generated = Serialized(ValueSerializers.Json(TestJson.Default.Person), person);
        Assert.Equal(generated, Serialized(ValueSerializers.Json<Person>(), person));
        Assert.Equal(person.Tags, ValueSerializers.Json<Person>().Deserialize(generated).Tags);
    }

    [Fact]
    public void Options_of_JSON_are_kept()
    {
        var indented = new JsonSerializerOptions { WriteIndented = true, IndentSize = 1, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        byte[] bytes = Serialized(ValueSerializers.Json<Dictionary<string, string>>(indented), new() { ["a"] = "ü" });
        Assert.Equal("{\n \"a\": \"ü\"\n}", System.Text.Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void A_converter_may_use_the_serializer_that_it_serves_and_a_failure_leaves_nothing_behind()
    {
        var options = new JsonSerializerOptions();
        IValueSerializer<Nested>? serializer = null;
        options.Converters.Add(new NestedConverter(() => serializer!));
        serializer = ValueSerializers.Json<Nested>(options);
        var inner = new Nested(null, Fails: false);
        string expected = """{"inner":{"inner":null}}""";
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(Serialized(serializer, new Nested(inner, Fails: false))));
            Assert.Throws<NotSupportedException>(() => Serialized(serializer, new Nested(inner, Fails: true)));
        }
    }

    [Fact]
    public void Text_and_bytes_are_stored_as_they_are()
    {
        Assert.Equal("ü€😀"u8.ToArray(), Serialized(ValueSerializers.Text, "ü€😀"));
        Assert.Equal("ü€😀", ValueSerializers.Text.Deserialize("ü€😀"u8));
        Assert.Empty(Serialized(ValueSerializers.Text, ""));
        Assert.Equal([0xC1, 0, 255], Serialized(ValueSerializers.Bytes, [0xC1, 0, 255]));
        Assert.Throws<ArgumentException>("value", () => Serialized(ValueSerializers.Text, "half \ud800"));
        Assert.Throws<RedisValueException>(() => ValueSerializers.Text.Deserialize([0x61, 0xFF]));
    }

    [Fact]
    public void The_bytes_of_a_value_are_kept_in_memory_that_is_used_again()
    {
        PooledBufferWriter writer = PooledBufferWriter.Rent(1_000_000);
        writer.Write(new byte[70_000]);
        Assert.Equal(70_000, writer.Written.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(int.MaxValue));
        writer.Return();
        PooledBufferWriter again = PooledBufferWriter.Rent(10);
        Assert.Equal(0, again.Length);
        _ = Assert.Throws<ArgumentException>(() => again.Write(new byte[11]));
        again.Return();
    }

    internal static byte[] Serialized<T>(IValueSerializer<T> serializer, T value)
    {
        var writer = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, writer);
        return writer.WrittenSpan.ToArray();
    }

    private sealed record Nested(Nested? Inner, bool Fails);

    private sealed class NestedConverter(Func<IValueSerializer<Nested>> serializer) : System.Text.Json.Serialization.JsonConverter<Nested>
    {
        public override Nested Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Nested value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("inner");
            if (value.Inner is null) writer.WriteNullValue();
            else writer.WriteRawValue(Serialized(serializer(), value.Inner));
            if (value.Fails) throw new NotSupportedException();
            writer.WriteEndObject();
        }
    }
}
