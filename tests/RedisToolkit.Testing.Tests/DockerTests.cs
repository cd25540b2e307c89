namespace RedisToolkit.Testing.Tests;

/// <summary>What is said to Docker's command line. A script stands for it and runs the real server where a container would be.</summary>
public sealed class DockerTests
{
    [Fact]
    public async Task A_container_is_run_steered_and_removed()
    {
        using var folder = new TemporaryFolder();
        await WriteDockerAsync(folder);
        var server = await FinderTests.StartAsync(FinderTests.Empty(folder), new() { Password = "pw" });
        Assert.Equal("Redis 8.x (Docker image redis:8)", server.Description);
        Assert.Null(server.Primary.ProcessId);
        await server.CommandAsync("SET", "key", "value");

        await server.PauseAsync();
        using (var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.CommandAsync(["PING"], limit.Token));
        await server.ResumeAsync();
        await server.RestartAsync(keepData: true);
        Assert.Equal("value", (await server.CommandAsync("GET", "key")).Text);
        await server.KillAsync();
        await server.Primary.StartAsync();
        await server.DisposeAsync();

        string[] said = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "said"));
        string run = said.First(line => line.StartsWith("run ", StringComparison.Ordinal));
        Assert.Matches($@"^run --rm --name redistoolkit-\w+ --user \d+:\d+ --publish 127\.0\.0\.1:{server.Port}:{server.Port} --volume \S+:/data --workdir /data redis:8 redis-server redis.conf$", run);
        Assert.Equal(["run", "pause", "unpause", "run", "kill", "run", "kill"], said.Select(line => line.Split(' ')[0]).Where(verb => verb is not ("info" or "image")));
        Assert.False(Directory.Exists(server.Primary.Directory));
    }

    [Fact]
    public async Task What_Docker_cannot_give_is_said()
    {
        using var folder = new TemporaryFolder();
        await WriteDockerAsync(folder);
        var cluster = await Assert.ThrowsAsync<NotSupportedException>(() => FinderTests.StartAsync(FinderTests.Empty(folder), new() { Topology = RedisTopology.Cluster }));
        Assert.Contains("In Docker only Topology = Standalone", cluster.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotSupportedException>(() => FinderTests.StartAsync(FinderTests.Empty(folder), new() { UnixSocket = true }));
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_one_of_the_things_tried()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bin/docker", "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2; exit 1\n", executable: true);
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => FinderTests.StartAsync(FinderTests.Empty(folder), new()));
        Assert.Contains("4. Docker: the engine does not answer, or runs no Linux containers (Cannot connect to the Docker daemon)", failed.Message, StringComparison.Ordinal);
    }

    private static async Task WriteDockerAsync(TemporaryFolder folder)
    {
        var copy = await FinderTests.CopyAsync(RedisFlavor.Redis);
        folder.Write("bin/docker", $"""
            #!/bin/sh
            echo "$*" >> {folder.Path}/said
            signal() {Brace($"kill -$1 $(cat {folder.Path}/pid)")}
            case $1 in
              info) echo linux ;;
              image) echo ok ;;
              pause) signal STOP ;;
              unpause) signal CONT ;;
              kill) signal KILL ;;
              run) echo $$ > {folder.Path}/pid; shift 14; exec {string.Join(' ', copy.CommandLine)} "$@" ;;
              *) exit 1 ;;
            esac
            """ + "\n", executable: true);

        static string Brace(string body) => "{ " + body + "; }";
    }
}
