namespace RedisToolkit.Client.Tests.Commands;

public sealed class CommandTableTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("get")]
    [InlineData("client|LIST")]
    public void A_command_is_found_in_any_case(string name)
    {
        Assert.True(CommandTable.TryGet(name, out CommandInfo info));
        Assert.Equal(name.ToUpperInvariant(), info.Name);
    }

    [Fact]
    public void A_command_that_is_unknown_is_not_found_and_nothing_is_assumed_of_it()
    {
        Assert.False(CommandTable.TryGet("NO.SUCH", out _));
        Assert.False(CommandInfo.Unknown("NO.SUCH").SafeToRepeat);
    }

    [Theory]
    [InlineData("CLIENT", "list", "CLIENT|LIST")]
    [InlineData("object", "Encoding", "OBJECT|ENCODING")]
    [InlineData("CLIENT", "", "CLIENT")]
    [InlineData("CLIENT", "NO-SUCH", "CLIENT")]
    [InlineData("CLIENT", "a-subcommand-that-is-longer-than-any-other", "CLIENT")]
    [InlineData("GET", "LIST", "GET")]
    public void A_container_is_joined_to_its_subcommand(string name, string firstArgument, string found)
    {
        Assert.True(CommandTable.TryGet(name, firstArgument, out CommandInfo info));
        Assert.Equal(found, info.Name);
    }

    [Fact]
    public void Looking_up_a_command_allocates_nothing()
    {
        int found = 0;
        Count();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Count();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(300, found);

        void Count()
        {
            found = 0;
            for (int i = 0; i < 100; i++)
            {
                if (CommandTable.TryGet("hget".AsSpan(), out _)) found++;
                if (CommandTable.TryGet("client".AsSpan(), "list", out _)) found++;
                if (CommandTable.TryGet("get".AsSpan(), "key", out _)) found++;
            }
        }
    }

    [Fact]
    public void Every_command_that_would_change_a_shared_connection_says_what_to_use_instead()
    {
        foreach (CommandInfo info in CommandTable.All)
        {
            bool changes = (info.Flags & CommandFlags.ConnectionState) != 0;
            string? refusal = CommandTable.Refusal(info);
            Assert.Equal(changes, refusal is not null);
            if (changes) Assert.StartsWith(info.Name.Replace('|', ' ') + " was not sent", refusal, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("SUBSCRIBE", "SubscribeAsync")]
    [InlineData("SELECT", "RedisClientOptions.Database")]
    [InlineData("MULTI", "transaction")]
    [InlineData("WATCH", "watched keys")]
    [InlineData("AUTH", "Credentials")]
    [InlineData("HELLO", "RedisClientOptions.Protocol")]
    [InlineData("CLIENT|TRACKING", "tracking")]
    [InlineData("CLIENT|REPLY", "replies")]
    [InlineData("MONITOR", "other callers")]
    [InlineData("QUIT", "dispose the client")]
    [InlineData("RESET", "dispose the client")]
    public void A_refusal_names_what_to_use(string name, string instead) => Assert.Contains(instead, CommandTable.Refusal(Info(name)), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET", true)]
    [InlineData("XREAD", true)]
    [InlineData("EVAL_RO", true)]
    [InlineData("PING", true)]
    [InlineData("CONFIG|GET", true)]
    [InlineData("SET", false)]
    [InlineData("GETEX", false)]
    [InlineData("EVAL", false)]
    [InlineData("BLPOP", false)]
    [InlineData("PUBLISH", false)]
    [InlineData("CONFIG|SET", false)]
    [InlineData("WAIT", false)]
    [InlineData("ACL|LOG", false)]
    public void What_only_reads_is_safe_to_repeat(string name, bool safe) => Assert.Equal(safe, Info(name).SafeToRepeat);

    [Fact]
    public void Nothing_is_said_to_write_and_to_be_harmless()
    {
        const CommandFlags Both = CommandFlags.ReadOnly | CommandFlags.Harmless;
        Assert.DoesNotContain(CommandTable.All, i => (i.Flags & CommandFlags.Write) != 0 && (i.Flags & Both) != 0);
        Assert.DoesNotContain(CommandTable.All, i => (i.Flags & CommandFlags.ConnectionState) != 0 && (i.Flags & Both) != 0);
    }

    private static CommandInfo Info(string name) => CommandTable.TryGet(name, out CommandInfo info) ? info : throw new KeyNotFoundException(name);
}
