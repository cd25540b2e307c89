using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>The scripts on hash fields, each with the beginning that all of them share.</summary>
internal static class FieldScripts
{
    private static readonly string Prelude = Text("prelude");

    public static LuaScript Set { get; } = Load("set");

    public static LuaScript Get { get; } = Load("get").AsReadOnly();

    public static LuaScript All { get; } = Load("all").AsReadOnly();

    public static LuaScript Count { get; } = Load("count").AsReadOnly();

    public static LuaScript TimeToLive { get; } = Load("ttl").AsReadOnly();

    public static LuaScript Expire { get; } = Load("expire");

    public static LuaScript Persist { get; } = Load("persist");

    public static LuaScript GetAndExpire { get; } = Load("getex");

    public static LuaScript Delete { get; } = Load("delete");

    public static LuaScript Keep { get; } = Load("keep");

    public static LuaScript Sweep { get; } = Load("sweep");

    public static LuaScript Convert { get; } = Load("convert");

    public static LuaScript Store { get; } = Load("store");

    public static LuaScript LoadResults { get; } = Load("load").AsReadOnly();

    private static LuaScript Load(string name) => LuaScript.FromText(Prelude + "\n" + Text(name));

    private static string Text(string name) => LuaScript.FromResource(typeof(FieldScripts).Assembly, $"RedisToolkit.HashFields.Scripts.{name}.lua").Text;
}
