namespace RedisToolkit.Client.Tests.Connections;

/// <summary>The object behind a command is used again and again; whoever is late with one use must not touch the next.</summary>
public sealed class PendingCommandTests
{
    private static PendingCommand<string?> Rent(string text) =>
        PendingCommand<string?>.Rent(RedisCommand.Create("ECHO", text), Replies.Text, long.MaxValue, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_late_deadline_or_cancellation_does_not_hit_the_next_use()
    {
        PendingCommand<string?> first = Rent("first");
        long use = first.Use;
        ValueTask<string?> task = first.Task;
        Assert.True(first.OnReply("$5\r\nfirst\r\n"u8));
        first.Complete();
        first.ReleaseByEngine();
        Assert.Equal("first", await task);
        // Forgotten by now, yet a passed deadline may still be described.
        Assert.Equal("ECHO", first.CommandName);

        PendingCommand<string?> second = Rent("second");
        Assert.Same(first, second);
        task = second.Task;
        Assert.False(second.TryAbandon(use, new InvalidOperationException("late")));
        Assert.False(second.IsSettled);
        Assert.True(second.OnReply("$6\r\nsecond\r\n"u8));
        second.Complete();
        second.ReleaseByEngine();
        Assert.Equal("second", await task);
    }

    [Fact]
    public async Task A_caller_who_has_left_is_not_met_again_before_the_reply_was_taken_off_the_wire()
    {
        PendingCommand<string?> left = Rent("left");
        ValueTask<string?> task = left.Task;
        Assert.True(left.TryAbandon(left.Use, new InvalidOperationException("gone")));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await task);
        Assert.NotSame(left, Rent("other"));
        Assert.True(left.OnReply("$4\r\nleft\r\n"u8));
        left.Complete();
        left.ReleaseByEngine();
        Assert.Same(left, Rent("next"));
    }

    [Fact]
    public async Task An_answer_that_was_not_handed_out_is_forgotten_when_the_command_is_sent_again()
    {
        PendingCommand<string?> again = Rent("again");
        ValueTask<string?> task = again.Task;
        Assert.True(again.OnReply("-LOADING still\r\n"u8));
        Assert.True(again.OnReply("$5\r\nagain\r\n"u8));
        again.Complete();
        again.ReleaseByEngine();
        Assert.Equal("again", await task);
    }

    [Fact]
    public void A_reader_that_throws_when_a_value_is_given_back_harms_nobody()
    {
        PendingCommand<string> left = PendingCommand<string>.Rent(RedisCommand.Create("ECHO", "x"), new ThrowingReader(), long.MaxValue, TimeSpan.FromSeconds(1));
        Assert.True(left.TryAbandon(left.Use, new InvalidOperationException("gone")));
        Assert.True(left.OnReply("$1\r\nx\r\n"u8));
        left.Complete();
        left.ReleaseByEngine();
    }

    private sealed class ThrowingReader : ReplyReader<string>
    {
        public override string Read(ref RespReader reader) => reader.ReadText()!;

        public override void Discard(string value) => throw new InvalidOperationException("a reader's own fault");
    }
}
