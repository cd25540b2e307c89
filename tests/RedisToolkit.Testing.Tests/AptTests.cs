namespace RedisToolkit.Testing.Tests;

public sealed class AptTests
{
    [Fact]
    public void The_archive_and_its_key_are_read_from_stanzas()
    {
        const string Text = """
            # a comment
            Types: deb deb-src
            URIs: http://security.example/debian-security
            Suites: bookworm-security
            Components: main
            Signed-By: /keys/security.gpg

            Types: deb
            Enabled: no
            URIs: http://disabled.example/debian
            Suites: bookworm
            Components: main

            Types: deb
            # http://comment.example
            URIs: http://mirror.example/debian/ http://second.example/debian
            Suites: bookworm bookworm-updates
            Components: main contrib
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mQINBF
             -----END PGP PUBLIC KEY BLOCK-----
            """;
        var source = Assert.Single(AptSource.FromSources(Text));
        Assert.Equal("http://mirror.example/debian/", source.Archive);
        string written = source.Text("forky");
        Assert.StartsWith("Types: deb\nURIs: http://mirror.example/debian/\nSuites: forky\nComponents: main\nSigned-By: \n -----BEGIN", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deb http://mirror.example/debian bookworm main", "http://mirror.example/debian", null)]
    [InlineData("  deb [arch=amd64 signed-by=/keys/debian.gpg]  http://mirror.example/debian trixie main contrib # here", "http://mirror.example/debian", "/keys/debian.gpg")]
    [InlineData("#deb http://old.example/debian bookworm main\ndeb-src http://src.example/debian bookworm main\ndeb http://new.example/debian sid main", "http://new.example/debian", null)]
    public void The_archive_and_its_key_are_read_from_single_lines(string text, string archive, string? key) =>
        Assert.Equal(new AptSource(archive, key), Assert.Single(AptSource.FromList(text)));

    [Theory]
    [InlineData("deb http://archive.ubuntu.com/ubuntu noble main universe")]
    [InlineData("deb http://security.debian.org/debian-security bookworm-security main")]
    [InlineData("deb https://deb.nodesource.com/node_20.x nodistro main")]
    [InlineData("deb http://deb.debian.org/debian bookworm contrib")]
    [InlineData("")]
    public void Other_archives_are_not_Debians(string text) => Assert.Empty(AptSource.FromList(text));

    [Fact]
    public void Of_a_tree_of_packages_only_libraries_are_taken()
    {
        const string Tree = """
            redis-tools
              Depends: adduser
              Depends: libc6
              Depends: libssl3t64
             |Depends: systemd
              Depends: <systemd-sysusers>
                opensysusers
            adduser
              Depends: libpam0g
            libc6
              Depends: libgcc-s1
              Depends: libc-gconv-modules-extra
            libssl3t64
              PreDepends: zlib1g
            zlib1g
              Depends: libc6
            """;
        Assert.Equal(["libc6", "libgcc-s1", "libssl3t64", "zlib1g"], AptArchive.Libraries(Tree, "redis-tools").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Downloads_can_be_forbidden()
    {
        using var folder = new TemporaryFolder();
        var environment = FinderTests.Empty(folder, ("REDISTOOLKIT_TEST_DOWNLOAD", "0"));
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => FinderTests.StartAsync(environment, new()));
        Assert.Contains("forbidden by REDISTOOLKIT_TEST_DOWNLOAD", failed.Message, StringComparison.Ordinal);
    }

    [AptFact]
    public async Task An_archive_that_cannot_be_reached_is_named_and_nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        folder.Write("apt/sources.list", "deb http://127.0.0.1:1/debian bookworm main\n");
        var environment = WithApt(folder);
        var failed = await Assert.ThrowsAsync<RedisServerStartException>(() => FinderTests.StartAsync(environment, new()));
        Assert.Contains("apt-get failed for the suite trixie of http://127.0.0.1:1/debian", failed.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(environment.ServersFolder()));
    }

    [AptFact]
    public async Task Two_that_fetch_at_once_get_one_whole_copy_and_leave_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var environment = WithApt(folder) with { AptFolder = "/etc/apt" };
        // Two finders do not know of one another, as two processes do not: the lock is on a file.
        var servers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => FinderTests.StartAsync(environment, new() { Flavor = RedisFlavor.Valkey })));
        foreach (var server in servers)
        {
            Assert.Contains(folder.Path, server.Description, StringComparison.Ordinal);
            Assert.Equal("PONG", (await server.CommandAsync("PING")).Text);
            await server.DisposeAsync();
        }

        Assert.Equal(["valkey-9"], Directory.GetDirectories(environment.ServersFolder()).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_lock_that_stays_held_is_given_up()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "lock");
        using var held = await FileLock.TakeAsync(path, TimeSpan.FromSeconds(1), default);
        var late = await Assert.ThrowsAsync<TimeoutException>(() => FileLock.TakeAsync(path, TimeSpan.FromMilliseconds(120), default));
        Assert.Contains("held by another process", late.Message, StringComparison.Ordinal);
    }

    /// <summary>An empty environment but for apt's programs.</summary>
    private static SearchEnvironment WithApt(TemporaryFolder folder)
    {
        foreach (string tool in new[] { "apt-get", "apt-cache", "dpkg" })
            folder.Write($"bin/{tool}", $"#!/bin/sh\nexec {SearchEnvironment.Machine.FindProgram(tool)} \"$@\"\n", executable: true);
        return FinderTests.Empty(folder);
    }
}

/// <summary>A test that fetches from Debian's archive, where the machine has its tools.</summary>
public sealed class AptFactAttribute : FactAttribute
{
    public AptFactAttribute()
    {
        if (SearchEnvironment.Machine.FindProgram("apt-get") is null) Skip = "apt-get is not on the PATH: this is neither Debian nor Ubuntu.";
    }
}
