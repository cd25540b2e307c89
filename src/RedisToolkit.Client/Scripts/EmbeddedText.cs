using System.Reflection;

namespace RedisToolkit.Client;

/// <summary>Reads scripts and libraries that are embedded in an assembly.</summary>
internal static class EmbeddedText
{
    /// <param name="assembly">The assembly.</param>
    /// <param name="name">The resource's full name, or its end behind a point.</param>
    /// <exception cref="ArgumentException">There is none, or several.</exception>
    public static string Read(Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] all = assembly.GetManifestResourceNames();
        string[] found = all.Contains(name, StringComparer.Ordinal) ? [name] : [.. all.Where(resource => resource.EndsWith("." + name, StringComparison.Ordinal))];
        if (found.Length != 1)
        {
            throw new ArgumentException(
                $"{assembly.GetName().Name} has {(found.Length == 0 ? "no" : "more than one")} embedded resource '{name}'. " +
                $"It has: {(all.Length == 0 ? "none; add <EmbeddedResource Include=\"...\" /> to its project" : string.Join(", ", all))}.",
                nameof(name));
        }

        using var reader = new StreamReader(assembly.GetManifestResourceStream(found[0])!);
        return reader.ReadToEnd();
    }
}
