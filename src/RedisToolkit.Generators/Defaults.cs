using System;
using System.Globalization;
using Microsoft.CodeAnalysis;

namespace RedisToolkit.Generators;

/// <summary>Spells constants as fields have them.</summary>
internal static class Defaults
{
    /// <summary>Spells the default of a member.</summary>
    /// <param name="type">The member's type.</param>
    /// <param name="value">The constant.</param>
    /// <param name="given">The constant's type.</param>
    /// <returns>Null if it is none of the member's type.</returns>
    public static string? Of(ITypeSymbol type, object value, ITypeSymbol? given)
    {
        if (type.TypeKind == TypeKind.Enum || given?.TypeKind == TypeKind.Enum) return SymbolEqualityComparer.Default.Equals(type, given) ? Invariant(value) : null;
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean: return value is bool truth ? (truth ? "1" : "0") : null;
            case SpecialType.System_Char: return value is char character && !char.IsSurrogate(character) ? character.ToString() : null;
            case SpecialType.System_String: return value is string text && (text.Length == 0 || Names.IsField(text)) ? text : null;
            case SpecialType.System_SByte: return Integer(value, sbyte.MinValue, sbyte.MaxValue);
            case SpecialType.System_Byte: return Integer(value, byte.MinValue, byte.MaxValue);
            case SpecialType.System_Int16: return Integer(value, short.MinValue, short.MaxValue);
            case SpecialType.System_UInt16: return Integer(value, ushort.MinValue, ushort.MaxValue);
            case SpecialType.System_Int32: return Integer(value, int.MinValue, int.MaxValue);
            case SpecialType.System_UInt32: return Integer(value, uint.MinValue, uint.MaxValue);
            case SpecialType.System_Int64: return Integer(value, long.MinValue, long.MaxValue);
            case SpecialType.System_UInt64: return Integer(value, ulong.MinValue, ulong.MaxValue);
            case SpecialType.System_Single: return value is float or int or short or byte or sbyte or ushort ? Real(Convert.ToSingle(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)) : null;
            case SpecialType.System_Double: return value is double or float or int or short or byte or sbyte or ushort or uint ? Real(Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)) : null;
            case SpecialType.System_Decimal: return Decimal(value);
            default: return null;
        }
    }

    private static string Invariant(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string? Integer(object value, decimal least, decimal most)
    {
        if (value is not (sbyte or byte or short or ushort or int or uint or long or ulong)) return null;
        decimal number = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        return number >= least && number <= most ? Invariant(value) : null;
    }

    private static string Real(string text) => text switch
    {
        "NaN" => "nan",
        "Infinity" => "inf",
        "-Infinity" => "-inf",
        _ => text,
    };

    private static string? Decimal(object value)
    {
        if (value is decimal or sbyte or byte or short or ushort or int or uint or long or ulong) return Invariant(value);
        return value is string text && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) ? Invariant(number) : null;
    }
}
