using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace RedisToolkit.Client;

/// <summary>
/// A Lua script. It is sent by its SHA-1, and once with its text to a server that does not know it: after a restart, a failover or
/// <c>SCRIPT FLUSH</c> it heals by itself. Immutable; make one for each script and keep it.
/// </summary>
/// <remarks>Values go in as arguments, never into the text: else each value makes a script of its own, and the server keeps them all.</remarks>
/// <example>
/// <code>
/// static readonly LuaScript Take = LuaScript.FromResource(typeof(Stock).Assembly, "Shop.take.lua");
/// long left = await redis.EvaluateAsync(Take, [key], [3], Replies.Integer);
/// </code>
/// </example>
public sealed class LuaScript
{
    private static readonly CommandHeader Eval = CommandHeader.Of("EVAL");
    private static readonly CommandHeader EvalReadOnly = CommandHeader.Of("EVAL_RO");
    private readonly byte[] _text;
    private readonly byte[] _sha1;
    private readonly CommandHeader _header;

    private LuaScript(string text, bool isReadOnly)
    {
        Text = text;
        IsReadOnly = isReadOnly;
        _text = Encoding.UTF8.GetBytes(text);
        Sha1 = Convert.ToHexStringLower(SHA1.HashData(_text));
        _sha1 = Encoding.ASCII.GetBytes(Sha1);
        _header = CommandHeader.OfScript(isReadOnly ? "EVALSHA_RO" : "EVALSHA", this);
    }

    /// <summary>Gets the script as it is sent.</summary>
    public string Text { get; }

    /// <summary>Gets the name by which the server knows the script: 40 hexadecimal digits in small letters.</summary>
    public string Sha1 { get; }

    /// <summary>Gets a value indicating whether the script only reads. Then it is sent again after a lost connection, like every command that reads.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Makes a script of its text.</summary>
    /// <param name="text">The script. Not empty.</param>
    /// <returns>The script, of which nothing is assumed: after a lost connection it is not sent again unless that is certainly safe.</returns>
    public static LuaScript FromText(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new LuaScript(text, isReadOnly: false);
    }

    /// <summary>Reads a script that is embedded in an assembly (<c>&lt;EmbeddedResource Include="take.lua" /&gt;</c>).</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="name">The resource's full name, such as <c>Shop.Scripts.take.lua</c>, or its end behind a point, if only one ends so.</param>
    /// <returns>The script.</returns>
    /// <exception cref="ArgumentException">There is no such resource, or several end so; the message lists those there are.</exception>
    public static LuaScript FromResource(Assembly assembly, string name) => FromText(EmbeddedText.Read(assembly, name));

    /// <summary>Says that the script only reads: the server then refuses what writes (<c>EVALSHA_RO</c>, Redis 7.0, Valkey 7.2).</summary>
    /// <returns>The script with that mark.</returns>
    public LuaScript AsReadOnly() => IsReadOnly ? this : new LuaScript(Text, isReadOnly: true);

    /// <summary>Makes the command that calls the script, for <see cref="IRedisClient"/> as well as for batches and transactions.</summary>
    /// <param name="keys">The keys that it touches, all of them: <c>KEYS[1]</c> and so on.</param>
    /// <param name="arguments">What else it is told: <c>ARGV[1]</c> and so on.</param>
    /// <returns>
    /// The command. <c>EVALSHA</c>, and <c>EVAL</c> if the server does not know the script, within the same deadline; Redis 2.6, Valkey 7.2.
    /// A batch or transaction sends the text along with its first call of the script, so that the order of its commands is kept.
    /// </returns>
    public RedisCommand Call(ReadOnlySpan<RedisArgument> keys, ReadOnlySpan<RedisArgument> arguments) => new(_header, [_sha1, keys.Length], keys, arguments);

    /// <summary>Shows the SHA-1, not the text.</summary>
    /// <returns>For example <c>Lua script 5332031c6b470dc5a0dd9b4bf2030dea6d65de91</c>.</returns>
    public override string ToString() => $"Lua script {Sha1}";

    /// <summary>The same call with the text in place of the SHA-1, for a server that does not know it.</summary>
    internal RedisCommand WithText(in RedisCommand call) => call.As(IsReadOnly ? EvalReadOnly : Eval, _text);
}
