using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using RedisToolkit.Generators;

namespace RedisToolkit.Tests.Generators;

/// <summary>Runs the generator on code, as the compiler does.</summary>
internal static class Compiling
{
    private const string Usings = "using System; using System.Collections.Generic; using System.Text.Json.Serialization; using RedisToolkit;\n";

    // Those that this process has loaded are those that the code below needs.
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => Path.GetFileName(path).StartsWith("System", StringComparison.Ordinal) || Path.GetFileName(path).StartsWith("RedisToolkit", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path))];

    public static CSharpParseOptions Parsing { get; } = new(LanguageVersion.Latest);

    public static CSharpCompilation Compilation(params string[] sources) => CSharpCompilation.Create(
        "Shop",
        sources.Select((source, i) => CSharpSyntaxTree.ParseText(Usings + source, Parsing, path: $"Shop{i}.cs")),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new RedisHashGenerator().AsSourceGenerator()], parseOptions: Parsing, driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>What the generator reports, and all errors and warnings of the code together with what was generated.</summary>
    public static (Diagnostic[] Reported, Diagnostic[] OfCompiler, string[] Generated) Run(params string[] sources)
    {
        GeneratorDriver driver = Driver().RunGeneratorsAndUpdateCompilation(Compilation(sources), out Compilation all, out _);
        GeneratorDriverRunResult result = driver.GetRunResult();
        Assert.Null(result.Results[0].Exception);
        return ([.. result.Diagnostics], [.. all.GetDiagnostics().Where(one => one.Severity >= DiagnosticSeverity.Warning)], [.. result.GeneratedTrees.Select(tree => tree.ToString())]);
    }
}
