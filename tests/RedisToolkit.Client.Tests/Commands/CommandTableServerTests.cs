using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Commands;

/// <summary>Holds the command table against what a real server says of its commands.</summary>
public abstract class CommandTableServerSuite(RedisFlavor flavor) : IAsyncLifetime
{
    /// <summary>What one server says otherwise than the table, and why the table is right.</summary>
    private static readonly Dictionary<(RedisFlavor Flavor, string Name, string What), string> Exceptions = new()
    {
        [(RedisFlavor.Redis7, "WAIT", "blocking")] = "it waits in 7.0 too; later versions added the flag",
    };

    /// <summary>Keys that the server cannot tell by a rule, but that are no keys of the command: patterns that are filled in from its data.</summary>
    private static readonly string[] MovableInNameOnly = ["SORT_RO"];

    private RedisServer? _server;

    private RedisServer Server => _server ?? throw new InvalidOperationException("The server is started by InitializeAsync.");

    public async Task InitializeAsync() => _server = await RedisServer.StartAsync(new() { Flavor = flavor });

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task Every_command_of_the_server_is_in_the_table_and_agrees()
    {
        var differences = new List<string>();
        int seen = 0;
        foreach (CommandReply command in Flat(await Server.CommandAsync("COMMAND")))
        {
            string name = command.Items[0].Text!.ToUpperInvariant();
            if (!CommandTable.TryGet(name, out CommandInfo info))
            {
                differences.Add($"{name}: not in the table");
                continue;
            }

            seen++;
            Compare(name, "keys", $"{command.Items[3]},{command.Items[4]},{command.Items[5]}", $"{info.FirstKey},{info.LastKey},{info.Step}");
            HashSet<string> flags = [.. command.Items[2].Items.Select(flag => flag.Text!)];
            Compare(name, "readonly", flags.Contains("readonly"), (info.Flags & CommandFlags.ReadOnly) != 0);
            Compare(name, "write", flags.Contains("write"), (info.Flags & CommandFlags.Write) != 0);
            Compare(name, "blocking", flags.Contains("blocking"), (info.Flags & (CommandFlags.Blocking | CommandFlags.BlocksWithOption)) != 0);
            Compare(name, "pubsub", flags.Contains("pubsub"), (info.Flags & CommandFlags.PubSub) != 0);
            Compare(name, "movablekeys", flags.Contains("movablekeys") && !MovableInNameOnly.Contains(name), info.Rule is not KeyRule.None);
            if (command.Items[9].Items.Count > 0) Compare(name, "container", true, (info.Flags & CommandFlags.Container) != 0);
        }

        Assert.Empty(differences);
        Assert.True(seen > 350, $"The server told of {seen} commands; 366 or more were expected.");

        void Compare<T>(string name, string what, T server, T table)
        {
            if (!Equals(server, table) && !Exceptions.ContainsKey((flavor, name, what)))
                differences.Add($"{name}: {what} is {server} at the server, {table} in the table");
        }
    }

    [Fact]
    public async Task The_server_finds_the_same_keys()
    {
        foreach (object[] line in CommandTableKeyTests.Lines)
        {
            string[] words = ((string)line[0]).Split(' ');
            CommandReply keys = await Server.CommandAsync(["COMMAND", "GETKEYS", .. words]);
            Assert.Equal((line[0], line[1]), (line[0], string.Join(' ', keys.Items.Select(key => key.Text))));
        }
    }

    /// <summary>The names that the server has, subcommands as <c>CLIENT|LIST</c>.</summary>
    internal static async Task<HashSet<string>> NamesAsync(RedisFlavor flavor)
    {
        await using RedisServer server = await RedisServer.StartAsync(new() { Flavor = flavor });
        return [.. Flat(await server.CommandAsync("COMMAND")).Select(command => command.Items[0].Text!.ToUpperInvariant())];
    }

    private static IEnumerable<CommandReply> Flat(CommandReply commands) =>
        commands.Items.SelectMany(command => command.Items[9].Items.Prepend(command));
}

public sealed class CommandTable_on_Redis_8() : CommandTableServerSuite(RedisFlavor.Redis);

public sealed class CommandTable_on_Valkey_9() : CommandTableServerSuite(RedisFlavor.Valkey);

public sealed class CommandTable_on_Redis_7() : CommandTableServerSuite(RedisFlavor.Redis7);

public sealed class CommandTableAgainstAllServersTests
{
    [Fact]
    public async Task Every_command_of_the_table_exists_on_one_of_the_servers()
    {
        HashSet<string> known = [];
        foreach (RedisFlavor flavor in Enum.GetValues<RedisFlavor>()) known.UnionWith(await CommandTableServerSuite.NamesAsync(flavor));

        Assert.DoesNotContain(CommandTable.All, info => !known.Contains(info.Name));
    }
}
