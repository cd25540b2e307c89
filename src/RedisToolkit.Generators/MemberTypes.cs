using System.Linq;
using Microsoft.CodeAnalysis;

namespace RedisToolkit.Generators;

/// <summary>How a type is spelled in a field.</summary>
/// <param name="Factory">The method that makes its member.</param>
/// <param name="Format">The expression of its format.</param>
internal sealed record MemberType(string Factory, string Format);

/// <summary>Finds the format of a member by its type.</summary>
/// <param name="json">The <c>JsonSerializerContext</c> for all that is no plain value.</param>
internal sealed class MemberTypes(INamedTypeSymbol? json)
{
    private const string Formats = "global::RedisToolkit.HashFieldFormats.";
    private static readonly SymbolDisplayFormat WithNulls = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>A type without null at its end, as code has it.</summary>
    public static string Code(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(WithNulls);

    /// <summary>Finds the format.</summary>
    /// <param name="type">The type without null.</param>
    /// <param name="asNumber">Whether an enumeration is stored by number.</param>
    /// <param name="whyNot">Why it cannot be stored at all.</param>
    /// <param name="whyNoJson">Why it cannot be stored as JSON.</param>
    /// <returns>Null if it cannot be stored.</returns>
    public MemberType? Find(ITypeSymbol type, bool asNumber, out string? whyNot, out string? whyNoJson)
    {
        whyNoJson = null;
        whyNot = WhyNever(type);
        if (whyNot is not null) return null;
        string code = Code(type);
        if (type.TypeKind == TypeKind.Enum) return new MemberType("OfValue", $"{Formats}Enumeration<{code}>({(asNumber ? "true" : "false")})");
        if (Plain(type, code) is { } plain) return plain;
        whyNoJson = WhyNoJson(type);
        return whyNoJson is not null ? null : new MemberType(type.IsReferenceType ? "OfReference" : "OfValue", $"{Formats}Json<{code}>({json!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.Default)");
    }

    private static MemberType? Plain(ITypeSymbol type, string code)
    {
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean: return new("OfValue", Formats + "Boolean");
            case SpecialType.System_Char: return new("OfValue", Formats + "Character");
            case SpecialType.System_Decimal: return new("OfValue", Formats + "Decimal");
            case SpecialType.System_DateTime: return new("OfValue", Formats + "DateTime");
            case SpecialType.System_String: return new("OfReference", Formats + "Text");
            case SpecialType.System_UInt64: return new("OfValue", $"{Formats}Integer<{code}>()");
            case SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16
                or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64:
                return new("OfInteger", $"{Formats}Integer<{code}>()");
            case SpecialType.System_Single or SpecialType.System_Double: return new("OfFloat", $"{Formats}Float<{code}>()");
            case SpecialType.None: break;
            default: return null;
        }

        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte }) return new("OfReference", Formats + "Bytes");
        return type.ToDisplayString(NullableFlowState.NotNull, SymbolDisplayFormat.FullyQualifiedFormat) switch
        {
            "global::System.Int128" or "global::System.UInt128" => new("OfValue", $"{Formats}Integer<{code}>()"),
            "global::System.Half" => new("OfFloat", $"{Formats}Float<{code}>()"),
            "global::System.DateTimeOffset" => new("OfValue", Formats + "DateTimeOffset"),
            "global::System.DateOnly" => new("OfValue", Formats + "DateOnly"),
            "global::System.TimeOnly" => new("OfValue", Formats + "TimeOnly"),
            "global::System.TimeSpan" => new("OfValue", Formats + "TimeSpan"),
            "global::System.Guid" => new("OfValue", Formats + "Guid"),
            "global::System.Uri" => new("OfReference", Formats + "Uri"),
            "global::System.Version" => new("OfReference", Formats + "Version"),
            "global::System.ReadOnlyMemory<byte>" => new("OfValue", Formats + "Memory"),
            _ => null,
        };
    }

    private static string? WhyNever(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => "it is a pointer",
        { TypeKind: TypeKind.Delegate } => "it is a delegate",
        { TypeKind: TypeKind.Dynamic } or { SpecialType: SpecialType.System_Object } => "it says nothing of what is in it",
        { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => "its size depends on the machine",
        { IsRefLikeType: true } => "it lives on the stack",
        _ => null,
    };

    private string? WhyNoJson(ITypeSymbol type)
    {
        string name = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        if (json is null) return $"name a JsonSerializerContext that has [JsonSerializable(typeof({name}))] as JsonContext of [RedisHash]";
        if (json.BaseType?.ToDisplayString() != "System.Text.Json.Serialization.JsonSerializerContext") return $"'{json.Name}' is no JsonSerializerContext";
        bool isThere = json.GetAttributes().Any(attribute =>
            attribute.AttributeClass?.Name == "JsonSerializableAttribute" && attribute.ConstructorArguments.Length > 0 &&
            SymbolEqualityComparer.Default.Equals(attribute.ConstructorArguments[0].Value as ITypeSymbol, type));
        return isThere ? null : $"put [JsonSerializable(typeof({name}))] on '{json.Name}'";
    }
}
