using Microsoft.Extensions.Configuration;

namespace RedisToolkit;

/// <summary>A configuration section as a list of settings.</summary>
internal static class SectionSettings
{
    /// <returns>Each value with its path below the section, <c>:</c> between its parts.</returns>
    public static IEnumerable<KeyValuePair<string, string>> Settings(this IConfigurationSection section)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (child.Value is { } value) yield return new(child.Path[(section.Path.Length + 1)..], value);
            foreach ((string path, string inner) in child.Settings()) yield return new($"{child.Key}:{path}", inner);
        }
    }
}
