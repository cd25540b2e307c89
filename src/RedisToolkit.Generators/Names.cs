using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace RedisToolkit.Generators;

/// <summary>Names of fields and of what is generated.</summary>
internal static class Names
{
    /// <summary>A name that may be a word of the language.</summary>
    public static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>What a member's field is called unless something else is said: as JSON for the web has it.</summary>
    public static string CamelCase(string name)
    {
        if (name.Length == 0 || !char.IsUpper(name[0])) return name;
        char[] characters = name.ToCharArray();
        for (int i = 0; i < characters.Length; i++)
        {
            if (i == 1 && !char.IsUpper(characters[i])) break;
            bool hasNext = i + 1 < characters.Length;
            if (i > 0 && hasNext && !char.IsUpper(characters[i + 1])) break;
            characters[i] = char.ToLowerInvariant(characters[i]);
        }

        return new string(characters);
    }

    /// <summary>Whether it can be sent as UTF-8, and is not the empty name that stands for a hash without fields.</summary>
    public static bool IsField(string name)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(name) > 0;
        }
        catch (EncoderFallbackException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }

    public static string Literal(string? text) => text is null ? "null" : SymbolDisplay.FormatLiteral(text, quote: true);
}
