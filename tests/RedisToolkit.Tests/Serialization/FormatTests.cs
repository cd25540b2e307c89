using System.Globalization;
using System.Text;

namespace RedisToolkit.Tests.Serialization;

/// <summary>
/// What any released version has stored is read for ever. <c>Format</c> has a file for each version, and none of them is ever changed:
/// the compression libraries may spell the same value otherwise one day, but must read it. For a new version, run this once with
/// <c>REDISTOOLKIT_APPROVE=1</c> in the environment: that writes its file, if there is none.
/// </summary>
public sealed class FormatTests
{
    private const string Text = "Ada Lovelace, Ada Lovelace, Ada Lovelace, Ada Lovelace: ä, €, 😀. 0123456789 0123456789 0123456789";
    private static readonly byte[] MarkFirst = [0xC1, 0, 1, 2, 254, 255];
    private static readonly Person Ada = new("Ada Lovelace", 36, Text, ["engine", "engine", "engine", "engine", "notes"]);

    public static TheoryData<string> Versions => [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileName(file))];

    private static string Folder
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RedisToolkit.sln"))) folder = folder.Parent;
            return Path.Combine(folder!.FullName, "tests", "RedisToolkit.Tests", "Serialization", "Format");
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_a_version_has_stored_is_read(string version)
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(Folder, version));
        Assert.InRange(lines.Length, 10, 100);
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ');
            byte[] stored = Convert.FromHexString(parts[1]);
            switch (parts[0])
            {
                case "json":
                    Person read = ValueSerializers.Json(TestJson.Default.Person).Compressed(ValueCompression.None).Deserialize(stored);
                    Assert.Equal((Ada.Name, Ada.Age, Ada.Notes), (read.Name, read.Age, read.Notes));
                    Assert.Equal(Ada.Tags, read.Tags);
                    break;
                case "text":
                    Assert.Equal(Text, ValueSerializers.Text.Compressed(ValueCompression.None).Deserialize(stored));
                    break;
                case "bytes":
                    Assert.Equal(MarkFirst, ValueSerializers.Bytes.Compressed(ValueCompression.None).Deserialize(stored));
                    break;
                default:
                    Assert.Fail($"{version} has a kind of value that is not read: {parts[0]}");
                    break;
            }
        }
    }

    [Fact]
    public async Task This_version_has_a_file()
    {
        string version = typeof(TimeToLive).Assembly.GetName().Version!.ToString(3);
        string file = Path.Combine(Folder, version + ".txt");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("REDISTOOLKIT_APPROVE") == "1") await File.WriteAllTextAsync(file, Stored());
        Assert.True(File.Exists(file), $"There is no {file}. Run this test with REDISTOOLKIT_APPROVE=1 and commit it.");
        // Each method is in it, by the byte behind the mark.
        string[] lines = await File.ReadAllLinesAsync(file);
        foreach (string kind in (string[])["json 7B", "json C101", "json C102", "text C101", "text C102", "bytes C100"]) Assert.Contains(lines, line => line.StartsWith(kind, StringComparison.Ordinal));
    }

    private static string Stored()
    {
        ValueCompression[] settings =
        [
            ValueCompression.None, ValueCompression.Brotli with { MinBytes = 1 }, ValueCompression.Deflate with { MinBytes = 1 },
            ValueCompression.Brotli with { MinBytes = 1, Level = System.IO.Compression.CompressionLevel.SmallestSize },
            ValueCompression.Deflate with { MinBytes = 1, Level = System.IO.Compression.CompressionLevel.SmallestSize },
        ];
        var text = new StringBuilder();
        foreach (ValueCompression setting in settings)
        {
            Line(text, "json", ValueSerializers.Json(TestJson.Default.Person), Ada, setting);
            Line(text, "text", ValueSerializers.Text, Text, setting);
            Line(text, "bytes", ValueSerializers.Bytes, MarkFirst, setting);
        }

        return text.ToString();
    }

    private static void Line<T>(StringBuilder text, string kind, IValueSerializer<T> serializer, T value, ValueCompression setting) =>
        text.Append(CultureInfo.InvariantCulture, $"{kind} {Convert.ToHexString(SerializerTests.Serialized(serializer.Compressed(setting), value))}\n");
}
