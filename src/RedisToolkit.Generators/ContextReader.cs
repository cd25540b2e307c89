using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RedisToolkit.Generators;

/// <summary>Reads a class with <c>[RedisHash]</c>.</summary>
internal static class ContextReader
{
    public static ContextModel? Read(GeneratorAttributeSyntaxContext attributed, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)attributed.TargetSymbol;
        ImmutableArray<AttributeData> attributes = type.GetAttributes()
            .Where(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, attributed.Attributes[0].AttributeClass)).ToImmutableArray();
        // A class may be declared in parts, with attributes on several: the first of them stands for all.
        SyntaxNode? first = attributes[0].ApplicationSyntaxReference?.GetSyntax(cancellationToken);
        if (first is null || !attributed.TargetNode.Contains(first)) return null;

        var faults = new List<FaultModel>();
        var hashes = new List<HashModel>();
        Location place = ((TypeDeclarationSyntax)attributed.TargetNode).Identifier.GetLocation();
        if (CheckContext(type, place, faults))
        {
            foreach (AttributeData attribute in attributes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Location at = attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken).GetLocation() ?? place;
                if (Hash(attributed.SemanticModel.Compilation, type, attribute, at, faults) is not { } hash) continue;
                if (hashes.Any(other => other.Name == hash.Name)) faults.Add(FaultModel.At(at, Faults.SameName, hash.Name, type.Name, "would be there twice"));
                else hashes.Add(hash);
            }
        }

        return new ContextModel(
            type.ContainingNamespace.IsGlobalNamespace ? string.Empty : type.ContainingNamespace.ToDisplayString(),
            new EquatableArray<string>(Around(type).Reverse().Select(Declaration)),
            new string(type.ToDisplayString().Select(static c => char.IsLetterOrDigit(c) || c is '.' or '_' ? c : '_').ToArray()) + ".RedisHash.g.cs",
            new EquatableArray<HashModel>(hashes),
            new EquatableArray<FaultModel>(faults));
    }

    private static bool CheckContext(INamedTypeSymbol type, Location place, List<FaultModel> faults)
    {
        int before = faults.Count;
        foreach (INamedTypeSymbol one in Around(type))
        {
            if (one.IsGenericType) faults.Add(FaultModel.At(place, Faults.BadContext, type.Name, "has type parameters"));
            if (one.IsFileLocal) faults.Add(FaultModel.At(place, Faults.BadContext, type.Name, "is local to a file"));
            bool isPartial = one.DeclaringSyntaxReferences.All(static part => ((TypeDeclarationSyntax)part.GetSyntax()).Modifiers.Any(SyntaxKind.PartialKeyword));
            if (!isPartial) faults.Add(FaultModel.At(place, Faults.NotPartial, one.Name));
        }

        return faults.Count == before;
    }

    private static HashModel? Hash(Compilation compilation, INamedTypeSymbol context, AttributeData attribute, Location at, List<FaultModel> faults)
    {
        // What is missing or no type is an error of the compiler's own.
        if (attribute.ConstructorArguments.Length != 1 || attribute.ConstructorArguments[0].Value is not ITypeSymbol { TypeKind: not TypeKind.Error } given) return null;
        ImmutableDictionary<string, TypedConstant> named = attribute.NamedArguments.ToImmutableDictionary(static pair => pair.Key, static pair => pair.Value);
        string? no = WhyNoEntity(given);
        if (no is not null)
        {
            faults.Add(FaultModel.At(at, Faults.NotAnEntity, given.ToDisplayString(), no));
            return null;
        }

        var entity = (INamedTypeSymbol)given;
        if (Around(entity).Any(static one => one.IsFileLocal) || !compilation.IsSymbolAccessibleWithin(entity, compilation.Assembly))
        {
            faults.Add(FaultModel.At(at, Faults.NotAccessible, entity.ToDisplayString()));
            return null;
        }

        string name = named.TryGetValue("Name", out TypedConstant chosen) && chosen.Value is string text ? text : entity.Name;
        if (!SyntaxFacts.IsValidIdentifier(name) || name == context.Name)
        {
            faults.Add(FaultModel.At(at, Faults.SameName, name, context.Name, name == context.Name ? "would have the name of the class itself" : "would have a name that is none in C#"));
            return null;
        }

        string[] ignored = named.TryGetValue("Ignore", out TypedConstant ignore) && !ignore.IsNull ? ignore.Values.Select(static value => value.Value as string ?? string.Empty).ToArray() : System.Array.Empty<string>();
        var json = named.TryGetValue("JsonContext", out TypedConstant jsonContext) ? jsonContext.Value as INamedTypeSymbol : null;
        int before = faults.Count;
        var reader = new EntityReader(compilation, context, entity, new MemberTypes(json), new HashSet<string>(ignored), at, faults);
        EquatableArray<MemberModel> members = reader.Read();
        return faults.Count > before ? null : new HashModel(name, entity.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), IsPublic(entity) ? "public" : "internal", members);
    }

    private static string? WhyNoEntity(ITypeSymbol type) => type switch
    {
        not INamedTypeSymbol => "no class",
        INamedTypeSymbol { IsGenericType: true } => "generic",
        { TypeKind: TypeKind.Interface } => "an interface",
        { TypeKind: TypeKind.Struct } => "a struct",
        { TypeKind: not TypeKind.Class } => "no class",
        { IsStatic: true } => "static",
        { IsAbstract: true } => "abstract",
        { SpecialType: not SpecialType.None } => "a plain value",
        _ => null,
    };

    private static bool IsPublic(INamedTypeSymbol type) => Around(type).All(static one => one.DeclaredAccessibility == Accessibility.Public);

    private static IEnumerable<INamedTypeSymbol> Around(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType) yield return type;
    }

    private static string Declaration(INamedTypeSymbol type) =>
        "partial " + (type.IsRecord ? "record " : string.Empty) + (type.TypeKind switch { TypeKind.Struct => "struct ", TypeKind.Interface => "interface ", _ => type.IsRecord ? string.Empty : "class " }) + Names.Escaped(type.Name);
}
