using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>The scripts of hash repositories.</summary>
internal static class HashScripts
{
    public static LuaScript Set { get; } = Load("set");

    public static LuaScript Change { get; } = Load("change");

    private static LuaScript Load(string name) => LuaScript.FromResource(typeof(HashScripts).Assembly, $"RedisToolkit.HashRepositories.Scripts.{name}.lua");
}
