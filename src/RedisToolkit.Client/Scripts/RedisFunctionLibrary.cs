using System.Reflection;

namespace RedisToolkit.Client;

/// <summary>A library of functions that the server keeps, with its data, under the library's name. Redis 7.0, Valkey 7.2. Immutable.</summary>
public sealed class RedisFunctionLibrary
{
    private RedisFunctionLibrary(string name, string engine, string code)
    {
        Name = name;
        Engine = engine;
        Code = code;
    }

    /// <summary>Gets the library's name, which its first line gives.</summary>
    public string Name { get; }

    /// <summary>Gets the language, which its first line gives: <c>lua</c>.</summary>
    public string Engine { get; }

    /// <summary>Gets the code as it is sent.</summary>
    public string Code { get; }

    /// <summary>Makes a library of its code.</summary>
    /// <param name="code">The code. Its first line is <c>#!lua name=</c> and the library's name.</param>
    /// <returns>The library.</returns>
    /// <exception cref="ArgumentException">The first line is another one.</exception>
    public static RedisFunctionLibrary FromText(string code)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        string line = code.Split('\n', 2)[0].TrimEnd('\r');
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? name = words.FirstOrDefault(word => word.StartsWith("name=", StringComparison.OrdinalIgnoreCase))?["name=".Length..];
        if (string.IsNullOrEmpty(name) || !words[0].StartsWith("#!", StringComparison.Ordinal) || words[0].Length == 2)
            throw new ArgumentException("The first line of a function library is '#!lua name=' and the library's name, such as '#!lua name=stock'.", nameof(code));
        return new RedisFunctionLibrary(name, words[0][2..], code);
    }

    /// <summary>Reads a library that is embedded in an assembly (<c>&lt;EmbeddedResource Include="stock.lua" /&gt;</c>).</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="name">The resource's full name, or its end behind a point, if only one ends so.</param>
    /// <returns>The library.</returns>
    /// <exception cref="ArgumentException">There is no such resource, or its first line does not name a library.</exception>
    public static RedisFunctionLibrary FromResource(Assembly assembly, string name) => FromText(EmbeddedText.Read(assembly, name));

    /// <summary>Shows the name, not the code.</summary>
    /// <returns>For example <c>lua library stock</c>.</returns>
    public override string ToString() => $"{Engine} library {Name}";
}
