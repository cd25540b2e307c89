namespace RedisToolkit.Testing.Tests;

public sealed class FinderTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Where_nothing_is_found_the_error_lists_all_that_was_tried()
    {
        using var folder = new TemporaryFolder();
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => StartAsync(Empty(folder), new()));
        string[] lines = failed.Message.Split('\n');
        Assert.StartsWith("No Redis 8.x server was found", lines[0], StringComparison.Ordinal);
        Assert.Equal("  1. REDISTOOLKIT_TEST_SERVER_REDIS and REDISTOOLKIT_TEST_SERVER are not set", lines[1]);
        Assert.Equal("  2. PATH: no redis-server", lines[2]);
        Assert.StartsWith($"  3. Unpacked copy: {folder.Path}", lines[3], StringComparison.Ordinal);
        Assert.Equal("  4. Docker: no docker on the PATH", lines[4]);
        Assert.StartsWith("  5. Debian's archive: no apt-get on the PATH", lines[5], StringComparison.Ordinal);
        Assert.StartsWith("Install redis-server 8.x on the PATH", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_on_the_PATH_is_taken_if_its_version_fits()
    {
        using var folder = new TemporaryFolder();
        var copy = await CopyAsync(RedisFlavor.Redis);
        folder.Write("bin/redis-server", $"#!/bin/sh\nexec {string.Join(' ', copy.CommandLine)} \"$@\"\n", executable: true);
        await using var server = await StartAsync(Empty(folder), new());
        Assert.Contains($"on the PATH: {folder.Path}/bin/redis-server", server.Description, StringComparison.Ordinal);
        Assert.Equal("PONG", (await server.CommandAsync("PING")).Text);

        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => StartAsync(Empty(folder), new() { Flavor = RedisFlavor.Redis7 }));
        Assert.Contains($"2. redis-server on the PATH: {folder.Path}/bin/redis-server is Redis 8.", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Redis 7.0.x is wanted", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/bin/sh\necho 'Valkey server v=9.1.2 sha=00000000:0'\n", "is Valkey 9.1.2, and Redis 8.x is wanted")]
    [InlineData("#!/bin/sh\necho 'Redis server v=80.1.2 sha=00000000:0'\n", "is Redis 80.1.2, and Redis 8.x is wanted")]
    [InlineData("#!/bin/sh\necho broken library >&2; exit 127\n", "gave no version (broken library)")]
    public async Task A_program_that_does_not_fit_is_named_with_the_reason(string script, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("bin/redis-server", script, executable: true);
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => StartAsync(Empty(folder), new()));
        Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REDISTOOLKIT_TEST_SERVER_REDIS")]
    [InlineData("REDISTOOLKIT_TEST_SERVER")]
    public async Task A_server_named_in_the_environment_is_used_as_it_is(string variable)
    {
        using var folder = new TemporaryFolder();
        var environment = Empty(folder, (variable, $"redis://127.0.0.1:{fixture.Server.Port}"));
        var server = await StartAsync(environment, new());
        Assert.Equal(fixture.Server.Port, server.Port);
        Assert.Equal($"redis://127.0.0.1:{server.Port}", server.ConnectionString);
        Assert.Equal("PONG", (await server.CommandAsync("PING")).Text);
        Assert.Null(server.Primary.ProcessId);
        foreach (var act in new Func<Task>[] { server.KillAsync, server.PauseAsync, () => server.StopAsync(), () => server.RestartAsync(true), () => server.Primary.StartAsync(), () => server.ReadLogAsync() })
            Assert.Contains($"Unset {variable}", (await Assert.ThrowsAsync<InvalidOperationException>(act)).Message, StringComparison.Ordinal);
        await server.DisposeAsync();
        Assert.Equal("PONG", (await fixture.Server.CommandAsync("PING")).Text);

        var cluster = await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(environment, new() { Topology = RedisTopology.Cluster, Password = "pw" }));
        Assert.Contains("asks for Topology = Cluster, Password. Unset", cluster.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_general_variable_serves_the_flavour_it_turns_out_to_be()
    {
        using var folder = new TemporaryFolder();
        var environment = Empty(folder, ("REDISTOOLKIT_TEST_SERVER", $"redis://127.0.0.1:{fixture.Server.Port}"));
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => StartAsync(environment, new() { Flavor = RedisFlavor.Valkey }));
        Assert.Contains($"127.0.0.1:{fixture.Server.Port} is Redis 8.", failed.Message, StringComparison.Ordinal);
        Assert.Contains("name one in REDISTOOLKIT_TEST_SERVER_VALKEY", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_in_the_address_signs_in()
    {
        await using var guarded = await RedisServer.StartAsync(new() { Users = [new("app", "p@ss", "~* &* +@all")], Password = "other" });
        using var folder = new TemporaryFolder();
        var server = await StartAsync(Empty(folder, ("REDISTOOLKIT_TEST_SERVER_REDIS", guarded.ConnectionStringFor("app"))), new());
        Assert.Equal("app", (await server.CommandAsync("ACL", "WHOAMI")).Text);
    }

    [Theory]
    [InlineData("localhost:6379", "no address of the form redis://")]
    [InlineData("http://localhost:6379", "no address of the form redis://")]
    [InlineData("redis://127.0.0.1:1", "the server there does not answer INFO")]
    public async Task A_wrong_address_in_the_environment_is_an_error_at_once(string address, string expected)
    {
        using var folder = new TemporaryFolder();
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => StartAsync(Empty(folder, ("REDISTOOLKIT_TEST_SERVER_REDIS", address)), new()));
        Assert.Contains("REDISTOOLKIT_TEST_SERVER_REDIS", failed.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_unpacked_copy_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cache/redistoolkit/servers/redis-8/usr/bin/redis-server", "");
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => StartAsync(Empty(folder), new()));
        Assert.Contains("is not whole (no loader); remove it", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_home_the_cache_is_this_users_own_in_the_temporary_folder()
    {
        foreach (string? home in new[] { null, "", "/proc/nowhere" })
        {
            var environment = new SearchEnvironment { Variable = name => name == "HOME" ? home : null };
            string folder = environment.ServersFolder();
            Assert.StartsWith(Path.GetTempPath(), folder, StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(folder)!));
        }
    }

    /// <summary>An environment with nothing in it but a folder <c>bin</c> on its PATH and a cache.</summary>
    internal static SearchEnvironment Empty(TemporaryFolder folder, params (string Name, string Value)[] variables) => new()
    {
        AptFolder = Path.Combine(folder.Path, "apt"),
        Variable = name => name switch
        {
            "PATH" => Path.Combine(folder.Path, "bin"),
            "XDG_CACHE_HOME" => Path.Combine(folder.Path, "cache"),
            _ => variables.FirstOrDefault(variable => variable.Name == name).Value,
        },
    };

    internal static Task<RedisServer> StartAsync(SearchEnvironment environment, RedisServerOptions options) =>
        RedisServer.StartAsync(options, new ServerFinder(environment), default);

    /// <summary>The program that this machine's own search gives.</summary>
    internal static async Task<LocalBinary> CopyAsync(RedisFlavor flavor) =>
        Assert.IsType<LocalBinary>(await ServerFinder.Shared.FindAsync(flavor, default));
}
