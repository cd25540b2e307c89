using System.Text;

namespace RedisToolkit;

/// <summary>A template taken apart: what stands before the id, and what behind it.</summary>
internal readonly record struct KeyTemplateText(string Head, string Tail, bool AllowsColons)
{
    private const string Id = "{id}";
    private const string IdWithColons = "{*id}";
    private const string Entity = "{entity}";

    /// <exception cref="ArgumentException">It is no template; the message says why.</exception>
    public static KeyTemplateText Parse(string template, Type entity)
    {
        ArgumentException.ThrowIfNullOrEmpty(template);
        foreach (char c in template)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c)) throw Fault(template, $"has U+{(int)c:X4}; blanks and control characters are not allowed");
        }

        string placeholder = template.Contains(IdWithColons, StringComparison.Ordinal) ? IdWithColons : Id;
        int at = template.IndexOf(placeholder, StringComparison.Ordinal);
        if (at < 0) throw Fault(template, "has no {id}; without it, all entities would share one key");
        string head = Named(template[..at], template, entity);
        string tail = Named(template[(at + placeholder.Length)..], template, entity);
        if (tail.Contains(Id, StringComparison.Ordinal) || (head + tail).Contains(IdWithColons, StringComparison.Ordinal) || head.Contains(Id, StringComparison.Ordinal))
            throw Fault(template, "has {id} more than once");
        CheckHashTag(head + "\0" + tail, template);
        return new KeyTemplateText(head, tail, placeholder == IdWithColons);
    }

    /// <summary>Makes a text match itself alone in a glob pattern of the server.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is '*' or '?' or '[' or ']' or '\\' or '^') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static string Named(string part, string template, Type entity)
    {
        if (!part.Contains(Entity, StringComparison.Ordinal)) return part;
        if (entity.IsGenericType || entity.IsArray) throw Fault(template, $"has {{entity}}, and {entity.Name} has no plain name; write the name in its place");
        return part.Replace(Entity, entity.Name.ToLowerInvariant(), StringComparison.Ordinal);
    }

    private static void CheckHashTag(string text, string template)
    {
        int open = text.IndexOf('{', StringComparison.Ordinal);
        int close = text.IndexOf('}', StringComparison.Ordinal);
        if (open < 0 && close < 0) return;
        if (open != text.LastIndexOf('{') || close != text.LastIndexOf('}')) throw Fault(template, "has more than one hash tag; the servers look at the first one only");
        if (open < 0 || close < open) throw Fault(template, "has a brace without its other half");
        if (close == open + 1) throw Fault(template, "has an empty hash tag, which the servers do not look at");
    }

    private static ArgumentException Fault(string template, string what) => new($"The template of keys '{template}' {what}.", nameof(template));
}
