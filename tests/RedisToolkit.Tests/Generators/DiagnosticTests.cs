using Microsoft.CodeAnalysis;

namespace RedisToolkit.Tests.Generators;

/// <summary>What cannot be generated is told at its place, with what to change.</summary>
public sealed class DiagnosticTests
{
    private const string Entity = "public sealed class P { public string? A { get; set; } }\n";

    [Theory]
    [InlineData("RTK001", "Declare 'H' as partial", "H", Entity + "[RedisHash(typeof(P))] static class H;")]
    [InlineData("RTK001", "Declare 'Outer' as partial", "H", Entity + "class Outer { [RedisHash(typeof(P))] public static partial class H; }")]
    [InlineData("RTK002", "generic", "RedisHash(typeof(G<int>))", "public class G<T> { public T? A { get; set; } } [RedisHash(typeof(G<int>))] static partial class H;")]
    [InlineData("RTK002", "generic", "RedisHash(typeof(G<>))", "public class G<T> { public T? A { get; set; } } [RedisHash(typeof(G<>))] static partial class H;")]
    [InlineData("RTK002", "it is generic", "RedisHash(typeof(G<int>.P))", "public class G<T> { public class P { public int A { get; set; } } } [RedisHash(typeof(G<int>.P))] static partial class H;")]
    [InlineData("RTK002", "a struct", "RedisHash(typeof(S))", "public struct S { public int A { get; set; } } [RedisHash(typeof(S))] static partial class H;")]
    [InlineData("RTK002", "abstract", "RedisHash(typeof(S))", "public abstract class S { public int A { get; set; } } [RedisHash(typeof(S))] static partial class H;")]
    [InlineData("RTK002", "an interface", "RedisHash(typeof(S))", "public interface S { public int A { get; set; } } [RedisHash(typeof(S))] static partial class H;")]
    [InlineData("RTK002", "static", "RedisHash(typeof(S))", "public static class S; [RedisHash(typeof(S))] static partial class H;")]
    [InlineData("RTK002", "no class", "RedisHash(typeof(int[]))", "[RedisHash(typeof(int[]))] static partial class H;")]
    [InlineData("RTK002", "no class", "RedisHash(typeof(Action))", "[RedisHash(typeof(Action))] static partial class H;")]
    [InlineData("RTK002", "a plain value", "RedisHash(typeof(string))", "[RedisHash(typeof(string))] static partial class H;")]
    [InlineData("RTK003", "'P' cannot be named", "RedisHash(typeof(P))", "file sealed class P { public int A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK003", "cannot be named", "RedisHash(typeof(P))", "partial class Outer { private sealed class P { public int A { get; set; } } [RedisHash(typeof(P))] static partial class H; }")]
    [InlineData("RTK004", "no accessible constructor", "RedisHash(typeof(P))", "public sealed class P { private P() { } public int A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK004", "something else", "RedisHash(typeof(P))", "public sealed class P(int b) { public int A { get; set; } = b; } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK004", "equally well", "RedisHash(typeof(P))", "public sealed class P { public P(int a) { } public P(string b) { } public int A { get; set; } public string B { get; set; } = \"\"; } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK004", "'B' is not stored", "RedisHash(typeof(P))", "public sealed class P { public int A { get; set; } [HashIgnore] public required int B { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK004", "something else", "RedisHash(typeof(P))", "public sealed record P(int A, [HashIgnore] int B); [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK005", "'P.A' of the type 'object'", "A", "public sealed class P { public object? A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK005", "a delegate", "A", "public sealed class P { public Action? A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK005", "depends on the machine", "A", "public sealed class P { public nint A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK005", "says nothing", "A", "public sealed class P { public dynamic? A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK005", "no setter", "A", "public sealed class P { public int B { get; set; } [HashField] public int A => 1; } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK005", "generic base class", "A", "public class B<T> { public int A { get; init; } = 1; } public sealed class P : B<int>; [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK006", "JsonContext of [RedisHash]", "A", "public sealed class P { public List<int>? A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK006", "put [JsonSerializable(typeof(List<int>))] on 'J'", "A", "public sealed class P { public List<int>? A { get; set; } } [JsonSerializable(typeof(List<string>))] abstract partial class J() : JsonSerializerContext(null); [RedisHash(typeof(P), JsonContext = typeof(J))] static partial class H;")]
    [InlineData("RTK006", "'P' is no JsonSerializerContext", "A", "public sealed class P { public List<int>? A { get; set; } } [RedisHash(typeof(P), JsonContext = typeof(P))] static partial class H;")]
    [InlineData("RTK007", "'P.A' and 'P.B' would both be kept in the field 'a'", "RedisHash(typeof(P))", "public sealed class P { public int A { get; set; } [HashField(\"a\")] public int B { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK007", "the field 'a'", "RedisHash(typeof(P))", "public sealed class P { public int A { get; set; } [HashField(FormerNames = [\"x\", \"a\"])] public int B { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK008", "'P.A' has a field name", "A", "public sealed class P { [HashField(\"\")] public int A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK008", "'P.A' has a field name", "A", "public sealed class P { [HashField(FormerNames = [\"\\ud800\"])] public int A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK009", "no constant of the type 'byte'", "A", "public sealed class P { [HashField(Default = 256)] public byte A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK009", "no constant of the type 'global::System.Guid'", "A", "public sealed class P { [HashField(Default = \"x\")] public Guid A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK009", "no constant of the type 'decimal'", "A", "public sealed class P { [HashField(Default = \"7,5\")] public decimal A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK009", "no constant", "A", "public sealed class P { [HashField(Default = DayOfWeek.Friday)] public int A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK009", "may be null", "A", "public sealed class P { [HashField(Default = 1)] public int? A { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK010", "would be there twice", "RedisHash(typeof(Other.P))", Entity + "namespace Other { public sealed class P { public int A { get; set; } } } [RedisHash(typeof(P))] [RedisHash(typeof(Other.P))] static partial class H;")]
    [InlineData("RTK010", "name of the class itself", "RedisHash(typeof(H))", "[RedisHash(typeof(H))] public partial class H { public int A { get; set; } }")]
    [InlineData("RTK010", "none in C#", "RedisHash(typeof(P), Name = \"1\")", Entity + "[RedisHash(typeof(P), Name = \"1\")] static partial class H;")]
    [InlineData("RTK011", "'P' has no member", "RedisHash(typeof(P))", "public sealed class P { internal int A { get; set; } public int B => A; public static int C { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("RTK012", "has type parameters", "H", Entity + "[RedisHash(typeof(P))] static partial class H<T>;")]
    [InlineData("RTK012", "is local to a file", "H", Entity + "[RedisHash(typeof(P))] file static partial class H;")]
    public void What_cannot_be_generated_is_told_where_it_stands(string id, string says, string at, string source)
    {
        (Diagnostic[] reported, _, string[] generated) = Compiling.Run(source);
        Diagnostic one = Assert.Single(reported);
        Assert.Equal((id, DiagnosticSeverity.Error), (one.Id, one.Severity));
        Assert.Contains(says, one.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        SyntaxTree tree = Compiling.Compilation(source).SyntaxTrees[0];
        Assert.Equal(tree.FilePath, one.Location.GetLineSpan().Path);
        Assert.Equal(at, tree.ToString().Substring(one.Location.SourceSpan.Start, one.Location.SourceSpan.Length));
        // What is right beside it is generated.
        Assert.Equal(id == "RTK010" && says.Contains("twice", StringComparison.Ordinal) ? 1 : 0, generated.Length);
    }

    [Fact]
    public void A_default_in_the_range_is_taken_and_one_outside_is_not()
    {
        (string Type, string Good, string Bad)[] cases =
        [
            ("sbyte", "-128", "128"), ("short", "32767", "32768"), ("ushort", "'a'", "-1"), ("int", "-2147483648", "2147483648"), ("uint", "4294967295", "-1"),
            ("long", "-9223372036854775808", "9223372036854775808"), ("ulong", "18446744073709551615", "-1"), ("bool", "true", "1"), ("char", "'x'", "\"x\""),
            ("string", "\"\"", "1"), ("float", "1.5f", "1.5"), ("double", "double.NaN", "\"1\""), ("decimal", "\"1.50\"", "1.5"), ("DayOfWeek", "DayOfWeek.Friday", "5"),
        ];
        foreach ((string type, string good, string bad) in cases)
        {
            string Source(string value) => $"public sealed class P {{ [HashField(Default = {value})] public {type} A {{ get; set; }} = default!; }} [RedisHash(typeof(P))] static partial class H;";
            // A character is no integer of the kinds that C# takes for one here.
            (Diagnostic[] reported, Diagnostic[] ofCompiler, _) = Compiling.Run(Source(good == "'a'" ? "65535" : good));
            Assert.Empty(reported);
            Assert.Empty(ofCompiler);
            Assert.Equal("RTK009", Assert.Single(Compiling.Run(Source(bad)).Reported).Id);
        }
    }
}
