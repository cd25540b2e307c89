using System.Security.Cryptography;

namespace RedisToolkit.Client.Tests.Connections;

public sealed class StreamedReplies
{
    [Fact]
    public async Task A_slow_destination_costs_little_memory_and_disturbs_nobody()
    {
        await using RedisClient redis = await Servers.ConnectAsync();
        string key = Servers.NewKey();
        byte[] value = RandomNumberGenerator.GetBytes(8_000_000);
        await redis.SetAsync(key, value);
        var destination = new GatedStream();
        Task<long?> copy = redis.CopyToAsync(RedisStrings.GetBytes(key).Command, destination).AsTask();
        await destination.Entered.WaitAsync(TimeSpan.FromSeconds(10));
        for (int i = 0; i < 200; i++) Assert.Null(await redis.GetAsync(Servers.NewKey()));
        Assert.True(destination.Written <= 256 * 1024);
        destination.Open();
        Assert.Equal(value.Length, await copy.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(SHA256.HashData(value), destination.Hash());
    }

    [Fact]
    public async Task A_copy_that_is_cancelled_leaves_no_half_read_reply_behind()
    {
        await using RedisClient redis = await Servers.ConnectAsync(with: options => options with { MaxDedicatedConnections = 1 });
        string key = Servers.NewKey();
        await redis.SetAsync(key, RandomNumberGenerator.GetBytes(8_000_000));
        for (int round = 0; round < 10; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var destination = new GatedStream();
            Task<long?> copy = redis.CopyToAsync(RedisStrings.GetBytes(key).Command, destination, cancellation.Token).AsTask();
            await destination.Entered.WaitAsync(TimeSpan.FromSeconds(10));
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy.WaitAsync(TimeSpan.FromSeconds(10)));
            Assert.Null(await redis.CopyToAsync(RedisStrings.GetBytes(Servers.NewKey()).Command, Stream.Null));
        }
    }

    /// <summary>Takes nothing until it is opened.</summary>
    private sealed class GatedStream : Stream
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public Task Entered => _entered.Task;

        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Written;

        public override long Position { get => Written; set => throw new NotSupportedException("This stream only goes forward."); }

        public void Open() => _gate.TrySetResult();

        public byte[] Hash() => _hash.GetHashAndReset();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _entered.TrySetResult();
            await _gate.Task.WaitAsync(cancellationToken);
            _hash.AppendData(buffer.Span);
            Written += buffer.Length;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is only written to.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream only goes forward.");

        public override void SetLength(long value) => throw new NotSupportedException("This stream only goes forward.");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written to asynchronously.");
    }
}
