using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace RedisToolkit.Generators;

/// <summary>A diagnostic without its syntax tree.</summary>
internal sealed record FaultModel(string Id, string Path, TextSpan Span, LinePositionSpan Lines, EquatableArray<string> Arguments)
{
    public static FaultModel At(Location? location, DiagnosticDescriptor descriptor, params string[] arguments) => new(
        descriptor.Id,
        location?.SourceTree?.FilePath ?? string.Empty,
        location?.SourceSpan ?? default,
        location?.GetLineSpan().Span ?? default,
        new EquatableArray<string>(arguments));

    public Diagnostic ToDiagnostic()
    {
        object[] arguments = new object[Arguments.Count];
        for (int i = 0; i < arguments.Length; i++) arguments[i] = Arguments[i];
        return Diagnostic.Create(Faults.Of(Id), Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines), arguments);
    }
}
