using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using RedisToolkit.Generators;

namespace RedisToolkit.Tests.Generators;

/// <summary>What is generated compiles without a warning, is the same each time, and is made anew only when it has to be.</summary>
public sealed class GenerationTests
{
    private const string Product = "namespace Shop; public sealed record Product(string Name, decimal Price) { public int Stock { get; init; } = 3; public string? Note { get; set; } }";
    private const string Hashes = "namespace Shop; [RedisHash(typeof(Product))] internal static partial class ShopHashes;";

    [Theory]
    [InlineData("namespace A.B { public partial class Outer { public partial record struct Inner { public sealed class P { public int X { get; set; } } [RedisHash(typeof(P))] public static partial class H; } } }")]
    [InlineData("public partial interface I { internal sealed class P { public int X { get; set; } } [RedisHash(typeof(P))] public static partial class H; }")]
    [InlineData("public partial record R { public sealed class P { public int X { get; set; } } [RedisHash(typeof(P))] internal partial class H; }")]
    [InlineData("internal sealed class P { public int X { get; set; } } [RedisHash(typeof(P))] public static partial class H;")]
    [InlineData("public sealed class @class { public int @int { get; set; } public required string @event { get; init; } } [RedisHash(typeof(@class))] static partial class @namespace;")]
    [InlineData("public sealed record P(int @if, string @else = \"a\\\"\\\\b\\n\"); [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("public sealed class P { public new int ToString { get; set; } public new int GetHashCode { get; set; } public int M0 { get; set; } public int Members { get; set; } public int PHash { get; set; } public int PHashCodec { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("public sealed class P { [Obsolete(\"old\")] public int X { get; set; } public int Y { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("public sealed class P { [HashField(\"ä<&>\\\"\\\\\\u0001\", FormerNames = [\"😀\", \"a b\"])] public int X { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("public sealed class P { public int X { get; set; } } public sealed class Q { public int X { get; set; } } [RedisHash(typeof(P))] static partial class H; [RedisHash(typeof(Q))] static partial class H;")]
    [InlineData("public sealed class P(int x) { public int X { get; } = x; public P() : this(1) { } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("public sealed class P { public int X { get; set; } public P(int x) => X = x; public P() { } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("#nullable disable\npublic sealed class P { public string X { get; set; } public byte[] Y { get; set; } } [RedisHash(typeof(P))] static partial class H;")]
    [InlineData("public class B { public virtual int X { get; init; } = 1; public int Y { get; protected set; } } public sealed class P : B { public override int X { get; init; } = 2; } [RedisHash(typeof(P))] static partial class H;")]
    public void What_is_generated_compiles_without_a_warning(string source)
    {
        (Diagnostic[] reported, Diagnostic[] ofCompiler, string[] generated) = Compiling.Run(source);
        Assert.Empty(reported);
        Assert.Empty(ofCompiler);
        Assert.Single(generated);
    }

    [Fact]
    public void A_member_only_adds_what_its_type_can_be_added_to()
    {
        const string Entity = "public sealed class P { public ulong U { get; set; } public decimal D { get; set; } public int I { get; set; } public double F { get; set; } public string? S { get; set; } } [RedisHash(typeof(P))] static partial class H;";
        string Use(string call) => $"{Entity} static class Use {{ static void Go(HashChange<P> change) => change.{call}; }}";
        foreach (string good in new[] { "Increment(H.P.I)", "Increment(H.P.I, -5)", "Increment(H.P.F, 0.5)", "Set(H.P.U, 1ul)", "Set(H.P.D, 7.5m)", "Set(H.P.S, null)" })
            Assert.Empty(Compiling.Run(Use(good)).OfCompiler);
        foreach (string bad in new[] { "Increment(H.P.U)", "Increment(H.P.D, 1)", "Increment(H.P.S)", "Increment(H.P.I, 0.5)", "Set(H.P.I, \"1\")", "Set(H.P.S, 1)" })
            Assert.NotEmpty(Compiling.Run(Use(bad)).OfCompiler);
    }

    [Fact]
    public void The_same_code_generates_the_same_text()
    {
        string[] first = Compiling.Run(Product, Hashes).Generated;
        Assert.Equal(first, Compiling.Run(Product, Hashes).Generated);
        Assert.Equal(first, Compiling.Run("// a comment\n" + Product, Hashes).Generated);
        Assert.DoesNotContain('\r', first[0]);
    }

    [Fact]
    public void An_unrelated_edit_generates_nothing_anew()
    {
        CSharpCompilation before = Compiling.Compilation(Product, Hashes, "class Unrelated;");
        GeneratorDriver driver = Compiling.Driver().RunGenerators(before);
        CSharpCompilation after = before.ReplaceSyntaxTree(before.SyntaxTrees[2], CSharpSyntaxTree.ParseText("class Unrelated { int edited; }", Compiling.Parsing, path: "Shop2.cs"));
        Assert.All(Reasons(driver = driver.RunGenerators(after)), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{reason}"));

        // An edit of the entity that changes nothing stored does not either: other lines, other methods.
        CSharpCompilation moved = after.ReplaceSyntaxTree(after.SyntaxTrees[0], CSharpSyntaxTree.ParseText("using RedisToolkit;\n\n\n" + Product.Replace("set; } }", "set; } public int Twice() => 2 * Stock; }", StringComparison.Ordinal), Compiling.Parsing, path: "Shop0.cs"));
        Assert.All(Reasons(driver = driver.RunGenerators(moved)), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{reason}"));

        // One that changes the entity does.
        CSharpCompilation changed = after.ReplaceSyntaxTree(after.SyntaxTrees[0], CSharpSyntaxTree.ParseText(Product.Replace("Note", "Remark", StringComparison.Ordinal), Compiling.Parsing, path: "Shop0.cs"));
        driver = driver.RunGenerators(changed);
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(driver));
        Assert.Contains("remark", driver.GetRunResult().GeneratedTrees[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_generator_keeps_holds_nothing_of_the_compilation()
    {
        var seen = new HashSet<Type>();
        var wrong = new List<string>();
        Visit(typeof(ContextModel));
        Assert.Empty(wrong);
        Assert.Contains(typeof(MemberModel), seen);

        void Visit(Type type)
        {
            if (!seen.Add(type) || type.IsPrimitive || type.IsEnum || type == typeof(string)) return;
            if (type.IsArray) Visit(type.GetElementType()!);
            if (type.IsArray || type.Namespace == "Microsoft.CodeAnalysis.Text") return;
            if (type.Namespace != typeof(ContextModel).Namespace) wrong.Add(type.FullName!);
            foreach (Type field in type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public).Select(field => field.FieldType)) Visit(field);
        }
    }

    [Fact]
    public void Nothing_is_generated_where_nothing_is_asked_for() => Assert.Empty(Compiling.Run("public sealed class P { public int X { get; set; } } static partial class H;").Generated);

    private static IncrementalStepRunReason[] Reasons(GeneratorDriver driver)
    {
        GeneratorRunResult result = driver.GetRunResult().Results[0];
        return [.. result.TrackedSteps[RedisHashGenerator.Models].Concat(result.TrackedOutputSteps.SelectMany(pair => pair.Value)).SelectMany(step => step.Outputs).Select(output => output.Reason)];
    }
}
