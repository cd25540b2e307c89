namespace RedisToolkit.Client.Tests.Ring;

/// <summary>A command with a number that notes what is done to it.</summary>
internal sealed class ProbeReply : PendingReply
{
    private int _completed;
    private int _recycled;
    private int _failed;

    public ProbeReply(long number, long deadline = long.MaxValue)
    {
        Number = number;
        BeginUse(deadline, TimeSpan.FromSeconds(1));
    }

    public long Number { get; }

    public int Completed => Volatile.Read(ref _completed);

    public int Recycled => Volatile.Read(ref _recycled);

    public int Failed => Volatile.Read(ref _failed);

    public override string CommandName => "PROBE";

    public override bool Repeatable => false;

    public override void WriteTo(SendBuffer buffer, CommandSpelling spelling)
    {
    }

    public override bool OnReply(ReadOnlySpan<byte> frame) => true;

    public override void Complete(RedisConnection? from = null)
    {
        Interlocked.Increment(ref _completed);
        _ = TrySettle();
    }

    public override void SetError(Exception error) => Interlocked.Increment(ref _failed);

    public override bool TryAbandon(long use, Exception error) => TrySettle(use);

    /// <summary>The caller leaves before there is a reply.</summary>
    public void Leave() => Assert.True(TrySettle());

    protected override void Recycle() => Interlocked.Increment(ref _recycled);
}
