using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace RedisToolkit.Generators;

/// <summary>Generates, for each <c>[RedisHash(typeof(Product))]</c>, how a product becomes the fields of a hash and back.</summary>
[Generator(LanguageNames.CSharp)]
internal sealed class RedisHashGenerator : IIncrementalGenerator
{
    /// <summary>What the step is called that has the models; tests look at it.</summary>
    public const string Models = "RedisHashModels";

    private const string Attribute = "RedisToolkit.RedisHashAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ContextModel> models = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Attribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (attributed, cancellationToken) => ContextReader.Read(attributed, cancellationToken))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(Models);
        context.RegisterSourceOutput(models, static (output, model) =>
        {
            foreach (FaultModel fault in model.Faults) output.ReportDiagnostic(fault.ToDiagnostic());
            if (model.Hashes.Count > 0) output.AddSource(model.FileName, SourceText.From(HashSource.Of(model), Encoding.UTF8));
        });
    }
}
