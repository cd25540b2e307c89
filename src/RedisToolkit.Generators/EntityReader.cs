using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace RedisToolkit.Generators;

/// <summary>Reads an entity's members and how it is made.</summary>
internal sealed class EntityReader(Compilation compilation, INamedTypeSymbol context, INamedTypeSymbol entity, MemberTypes types, HashSet<string> ignored, Location at, List<FaultModel> faults)
{
    private const string Field = "RedisToolkit.HashFieldAttribute";
    private const string Ignore = "RedisToolkit.HashIgnoreAttribute";

    public EquatableArray<MemberModel> Read()
    {
        List<IPropertySymbol> properties = Properties();
        IMethodSymbol[] constructors = [.. entity.InstanceConstructors.Where(one => !IsCopy(one) && compilation.IsSymbolAccessibleWithin(one, context))];
        bool isRecordParameter(IPropertySymbol property, string attribute) =>
            constructors.Any(one => one.Parameters.Any(parameter => IsOf(parameter, property) && Attribute(parameter, attribute) is not null));
        List<IPropertySymbol> kept = [.. properties.Where(property => !ignored.Contains(property.Name) && Attribute(property, Ignore) is null && !isRecordParameter(property, Ignore))];
        IMethodSymbol? constructor = Choose(constructors, kept);
        if (constructor is null) return default;

        var members = new List<MemberModel>();
        int before = faults.Count;
        foreach (IPropertySymbol property in kept)
        {
            IParameterSymbol? parameter = constructor.Parameters.FirstOrDefault(one => IsOf(one, property));
            if (parameter is null && !IsSettable(property))
            {
                // What is computed needs no field.
                if (Attribute(property, Field) is not null) faults.Add(FaultModel.At(Place(property), Faults.NotStorable, entity.Name, property.Name, MemberTypes.Code(property.Type), "it has no setter, and the constructor does not take it"));
                continue;
            }

            if (Member(property, parameter, SetsRequired(constructor)) is { } member) members.Add(member);
        }

        if (faults.Count == before && members.Count == 0) faults.Add(FaultModel.At(at, Faults.NoMembers, entity.Name));
        CheckFields(members);
        return new EquatableArray<MemberModel>(members);
    }

    private List<IPropertySymbol> Properties()
    {
        var chain = new Stack<INamedTypeSymbol>();
        for (INamedTypeSymbol? type = entity; type is not null && type.SpecialType != SpecialType.System_Object; type = type.BaseType) chain.Push(type);
        var found = new List<IPropertySymbol>();
        foreach (IPropertySymbol property in chain.SelectMany(static type => type.GetMembers().OfType<IPropertySymbol>()))
        {
            if (property.IsStatic || property.IsIndexer || property.DeclaredAccessibility != Accessibility.Public || property.ExplicitInterfaceImplementations.Length > 0) continue;
            if (property.GetMethod is not { } getter || !compilation.IsSymbolAccessibleWithin(getter, context)) continue;
            // One that hides or overrides another takes its place.
            int same = found.FindIndex(other => other.Name == property.Name);
            if (same < 0) found.Add(property);
            else found[same] = property;
        }

        return found;
    }

    // The constructor that keeps the most members, and of these the shortest.
    private IMethodSymbol? Choose(IMethodSymbol[] constructors, List<IPropertySymbol> kept)
    {
        IMethodSymbol[] usable = [.. constructors.Where(one => one.Parameters.All(parameter => parameter.RefKind is RefKind.None or RefKind.In && (parameter.IsOptional || kept.Any(property => IsOf(parameter, property)))))];
        if (usable.Length == 0) return Fail(constructors.Length == 0 ? "it has no accessible constructor" : "each of its constructors takes something else than stored members");
        (IMethodSymbol Constructor, int Kept, int Parameters)[] ranked =
            [.. usable.Select(one => (one, kept.Count(property => IsSettable(property) || one.Parameters.Any(parameter => IsOf(parameter, property))), one.Parameters.Length)).OrderByDescending(static one => one.Item2).ThenBy(static one => one.Length)];
        if (ranked.Length > 1 && ranked[0].Kept == ranked[1].Kept && ranked[0].Parameters == ranked[1].Parameters) return Fail("two of its constructors do equally well");
        IMethodSymbol chosen = ranked[0].Constructor;
        IPropertySymbol? left = SetsRequired(chosen) ? null : Properties().FirstOrDefault(property => property.IsRequired && !kept.Contains(property, SymbolEqualityComparer.Default));
        return left is null ? chosen : Fail($"its required member '{left.Name}' is not stored");

        IMethodSymbol? Fail(string why)
        {
            faults.Add(FaultModel.At(at, Faults.NoConstructor, entity.Name, why));
            return null;
        }
    }

    private MemberModel? Member(IPropertySymbol property, IParameterSymbol? parameter, bool setsRequired)
    {
        Location place = Place(property);
        ITypeSymbol type = property.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : property.Type;
        bool isNullable = property.Type.IsReferenceType ? property.NullableAnnotation != NullableAnnotation.NotAnnotated : !SymbolEqualityComparer.Default.Equals(type, property.Type);
        AttributeData? attribute = Attribute(property, Field) ?? (parameter is null ? null : Attribute(parameter, Field));
        ImmutableDictionary<string, TypedConstant> named = attribute?.NamedArguments.ToImmutableDictionary(static pair => pair.Key, static pair => pair.Value) ?? ImmutableDictionary<string, TypedConstant>.Empty;
        bool asNumber = named.TryGetValue("AsNumber", out TypedConstant number) && number.Value is true;
        if (types.Find(type, asNumber, out string? whyNot, out string? whyNoJson) is not { } found)
        {
            faults.Add(whyNot is not null
                ? FaultModel.At(place, Faults.NotStorable, entity.Name, property.Name, MemberTypes.Code(property.Type), whyNot)
                : FaultModel.At(place, Faults.NoJson, entity.Name, property.Name, MemberTypes.Code(property.Type), whyNoJson!));
            return null;
        }

        string field = attribute?.ConstructorArguments.FirstOrDefault().Value as string ?? Names.CamelCase(property.Name);
        string[] former = named.TryGetValue("FormerNames", out TypedConstant names) && !names.IsNull ? [.. names.Values.Select(static value => value.Value as string ?? string.Empty)] : [];
        if (!former.Prepend(field).All(Names.IsField)) faults.Add(FaultModel.At(place, Faults.BadField, entity.Name, property.Name));
        if (!Standard(property, type, isNullable, parameter, named, out string? standard, out bool hasOwn)) return null;

        bool isRequired = !isNullable && standard is null && !hasOwn && (property.IsRequired || parameter is { HasExplicitDefaultValue: false });
        bool isAlwaysSet = isNullable || isRequired || standard is not null;
        bool isInit = property.SetMethod is { IsInitOnly: true };
        Assignment assignment =
            property.IsRequired && !setsRequired ? Assignment.Initializer :
            parameter is not null ? Assignment.Constructor :
            isAlwaysSet ? Assignment.Initializer :
            isInit ? Assignment.InitAccessor : Assignment.Setter;
        if (assignment == Assignment.InitAccessor && property.ContainingType.IsGenericType)
        {
            faults.Add(FaultModel.At(place, Faults.NotStorable, entity.Name, property.Name, MemberTypes.Code(property.Type), "it is set when the entity is made, in a generic base class; 'required', 'set' or a default would do"));
            return null;
        }

        return new MemberModel(
            property.Name, MemberTypes.Code(type), type.IsReferenceType, found.Factory, found.Format, field, new EquatableArray<string>(former),
            isNullable, isRequired, standard, parameter?.Name, assignment, property.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat));
    }

    // The default of the attribute, or else of the parameter. A member that may be null is null when its field is missing: null is how it is stored.
    private bool Standard(IPropertySymbol property, ITypeSymbol type, bool isNullable, IParameterSymbol? parameter, ImmutableDictionary<string, TypedConstant> named, out string? standard, out bool hasOwn)
    {
        standard = null;
        hasOwn = parameter is { HasExplicitDefaultValue: true };
        if (!named.TryGetValue("Default", out TypedConstant given) || given.IsNull)
        {
            if (hasOwn && !isNullable && parameter!.ExplicitDefaultValue is { } own) standard = Defaults.Of(type, own, type.TypeKind == TypeKind.Enum ? type : null);
            return true;
        }

        string? fault = isNullable ? "the member may be null, and then has no field either" : null;
        if (fault is null && (given.Kind is not (TypedConstantKind.Primitive or TypedConstantKind.Enum) || (standard = Defaults.Of(type, given.Value!, given.Type)) is null))
            fault = $"it is no constant of the type '{MemberTypes.Code(type)}'; where there are none, make the member nullable";
        if (fault is not null) faults.Add(FaultModel.At(Place(property), Faults.BadDefault, entity.Name, property.Name, fault));
        return fault is null;
    }

    private void CheckFields(List<MemberModel> members)
    {
        var seen = new Dictionary<string, string>();
        foreach (MemberModel member in members)
        {
            foreach (string name in member.Former.Prepend(member.Field))
            {
                if (seen.TryGetValue(name, out string? other)) faults.Add(FaultModel.At(at, Faults.SameField, entity.Name, other, member.Name, name));
                else seen.Add(name, member.Name);
            }
        }
    }

    private bool IsCopy(IMethodSymbol constructor) => constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, entity);

    private bool IsSettable(IPropertySymbol property) => property.SetMethod is { } setter && compilation.IsSymbolAccessibleWithin(setter, context);

    private static bool SetsRequired(IMethodSymbol constructor) => Attribute(constructor, "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute") is not null;

    private static bool IsOf(IParameterSymbol parameter, IPropertySymbol property) =>
        string.Equals(parameter.Name, property.Name, System.StringComparison.OrdinalIgnoreCase) && SymbolEqualityComparer.Default.Equals(parameter.Type, property.Type);

    private static AttributeData? Attribute(ISymbol symbol, string name) => symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == name);

    private Location Place(ISymbol symbol) => symbol.Locations.FirstOrDefault(static location => location.IsInSource) ?? at;
}
