using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>The scripts of repositories.</summary>
internal static class RepositoryScripts
{
    public static LuaScript Replace { get; } = Load("replace");

    public static LuaScript Delete { get; } = Load("delete");

    private static LuaScript Load(string name) => LuaScript.FromResource(typeof(RepositoryScripts).Assembly, $"RedisToolkit.Repositories.Scripts.{name}.lua");
}
