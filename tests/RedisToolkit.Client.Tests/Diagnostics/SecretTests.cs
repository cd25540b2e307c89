using System.Diagnostics;
using RedisToolkit.Testing;

namespace RedisToolkit.Client.Tests.Diagnostics;

/// <summary>Whatever goes wrong, neither a password nor a value shows in an exception, a log line, a measurement or a span.</summary>
[Collection(nameof(ProcessWide))]
public sealed class SecretTests : IDisposable
{
    // Part of every password and value here; the rest is what connection strings stumble over.
    private const string Secret = "Pa55word";
    private const string Password = "x/" + Secret + "@,%=y";
    private readonly LogProbe _log = new();
    private readonly MeterProbe _meter = new();
    private readonly ActivityProbe _spans = new();
    private readonly List<string> _said = [];

    public static TheoryData<string> MalformedStrings =>
    [
        $"redis://user:{Secret}@host:99999",
        $"redis://user:{Secret}%zz@host",
        $"redis://user:{Secret}/rest@host",
        $"redis://user:{Secret}#rest@host",
        $"redis://{Secret}@host",
        $"redis://user:{Secret}@host/?passwort={Secret}",
        $"redis://user:{Secret}@host/{Secret}",
        $"host,password={Secret},{Secret}",
        $"host,password=a,{Secret}=1",
        $"host,password={Secret},password={Secret}",
        $"host,password={Secret},connectTimeout={Secret}",
        $"password={Secret}",
        $"{Secret}://host",
    ];

    [Theory]
    [MemberData(nameof(MalformedStrings))]
    public async Task A_malformed_connection_string_is_not_quoted(string text)
    {
        Note(await Record.ExceptionAsync(() => RedisClient.ConnectAsync(text)));
        AssertSilent(failures: 1);
    }

    [Fact]
    public async Task Faulty_options_are_listed_without_secrets()
    {
        RedisClientOptions options = Options("host", 6379) with { Database = -1, ClientName = "two words", Credentials = Provider() };
        _said.Add(options.ToString());
        _said.Add(new RedisCredentials("user", Password).ToString());
        Note(await Record.ExceptionAsync(() => RedisClient.ConnectAsync(options)));
        AssertSilent(failures: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_password_is_not_shown(bool fromProvider)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Password = "another" });
        RedisClientOptions options = Options(server.Host, server.Port);
        if (fromProvider) options = options with { User = null, Password = null, Credentials = Provider() };
        Note(await Record.ExceptionAsync(() => RedisClient.ConnectAsync(options)));
        Note(await Record.ExceptionAsync(() => RedisClient.ConnectAsync(options with { Protocol = RespProtocol.Resp2 })));
        Assert.Contains(_log.Lines, line => line.Id == 1102);
        AssertSilent(failures: 2);
    }

    [Theory]
    [InlineData(RespProtocol.Auto)]
    [InlineData(RespProtocol.Resp2)]
    [InlineData(RespProtocol.Resp3)]
    public async Task A_server_that_does_not_know_how_to_sign_in_quotes_the_password_and_we_do_not(RespProtocol protocol)
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions
        {
            RenamedCommands = new Dictionary<string, string> { ["HELLO"] = "", ["AUTH"] = "" },
        });
        Assert.Contains(Secret, (await Assert.ThrowsAsync<CommandException>(() => server.CommandAsync("AUTH", Secret))).Message, StringComparison.Ordinal);
        Note(await Record.ExceptionAsync(() => RedisClient.ConnectAsync(Options(server.Host, server.Port) with { Protocol = protocol })));
        Assert.Contains(_log.Lines, line => line.Id == 1102);
        AssertSilent(failures: 1);
    }

    [Fact]
    public async Task A_plain_server_asked_for_TLS_and_one_that_is_gone_see_no_password_in_the_error()
    {
        RedisServer server = await RedisServer.StartAsync();
        string address = $"rediss://user:{Uri.EscapeDataString(Password)}@{server.Host}:{server.Port}";
        Note(await Record.ExceptionAsync(() => RedisClient.ConnectAsync(RedisClientOptions.Parse(address) with { LoggerFactory = _log })));
        await server.DisposeAsync();
        Note(await Record.ExceptionAsync(() => RedisClient.ConnectAsync(RedisClientOptions.Parse(address) with { LoggerFactory = _log })));
        AssertSilent(failures: 2);
    }

    [Fact]
    public async Task Commands_that_fail_show_neither_keys_nor_values()
    {
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Password = Password });
        await using (RedisClient redis = await RedisClient.ConnectAsync(RedisClientOptions.Parse(server.ConnectionString) with
        {
            LoggerFactory = _log,
            CommandTimeout = TimeSpan.FromMilliseconds(300),
            DrainTimeout = TimeSpan.Zero,
            MaxArgumentBytes = 1024,
        }))
        {
            _ = await redis.SetAsync(Secret, Secret);
            Note(await Record.ExceptionAsync(() => redis.ExecuteAsync(RedisCommand.Create("LPUSH", Secret, Secret), Replies.Integer).AsTask()));
            Note(await Record.ExceptionAsync(() => redis.ExecuteAsync(RedisCommand.Create("NOSUCHCOMMAND", Secret, Secret), Replies.Any).AsTask()));
            Note(await Record.ExceptionAsync(() => redis.ExecuteAsync(RedisCommand.Create("GET", Secret), Replies.Integer).AsTask()));
            Note(await Record.ExceptionAsync(() => redis.SetAsync(Secret, Secret + new string('x', 2000)).AsTask()));
            using var cancelled = new CancellationTokenSource();
            await server.PauseAsync();
            Task<bool> left = redis.SetAsync(Secret, Secret, cancelled.Token).AsTask();
            await cancelled.CancelAsync();
            Note(await Record.ExceptionAsync(() => left));
            Note(await Record.ExceptionAsync(() => redis.SetAsync(Secret, Secret).AsTask()));
            var batch = new RedisBatch();
            BatchResult<bool> set = batch.Add(RedisStrings.Set(Secret, Secret));
            Note(await Record.ExceptionAsync(() => redis.ExecuteAsync(batch).AsTask()));
            _said.Add(set.ToString());
            _said.Add(RedisCommand.Create("SET", Secret, Secret).ToString());
            Task<bool> lost = redis.SetAsync(Secret, Secret).AsTask();
            await server.KillAsync();
            Note(await Record.ExceptionAsync(() => lost));
        }

        Assert.NotEmpty(_spans.All);
        AssertSilent(failures: 8);
    }

    public void Dispose()
    {
        _log.Dispose();
        _meter.Dispose();
        _spans.Dispose();
    }

    private static IRedisCredentialsProvider Provider() => RedisCredentialsProvider.Create((_, _) => ValueTask.FromResult(new RedisCredentials("user", Password)));

    private RedisClientOptions Options(string host, int port) =>
        new() { Endpoints = [new RedisEndpoint(host, port)], User = "user", Password = Password, LoggerFactory = _log };

    private void Note(Exception? failure) => _said.Add(Assert.IsAssignableFrom<Exception>(failure).ToString());

    private void AssertSilent(int failures)
    {
        Assert.InRange(_said.Count, failures, failures + 2);
        IEnumerable<string> everything =
        [
            .. _said,
            .. _log.Lines.Select(line => line.Text + string.Join(' ', line.Fields.Select(field => field.Value?.ToString()))),
            .. _meter.All.Select(measured => measured.ToString()),
            .. _spans.All.Select(Describe),
        ];
        Assert.DoesNotContain(everything, text => text.Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    private static string Describe(Activity span) =>
        $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} {string.Join(' ', span.Events.SelectMany(e => e.Tags))}";
}
