namespace RedisToolkit.Testing;

/// <summary>What a server that was not started as a plain process of this machine cannot be asked for.</summary>
internal static class SourceLimits
{
    internal static void Check(ServerSource source, RedisServerOptions options)
    {
        if (source is ExternalServer external)
        {
            var wanted = new List<string>();
            if (options.Topology != RedisTopology.Standalone) wanted.Add($"Topology = {options.Topology}");
            if (options.Password is not null) wanted.Add(nameof(options.Password));
            if (options.Users.Count > 0) wanted.Add(nameof(options.Users));
            if (options.Tls != RedisTls.None) wanted.Add($"Tls = {options.Tls}");
            if (options.UnixSocket) wanted.Add(nameof(options.UnixSocket));
            if (options.RenamedCommands.Count > 0) wanted.Add(nameof(options.RenamedCommands));
            if (options.Configuration.Count > 0) wanted.Add(nameof(options.Configuration));
            if (options.Persistence != RedisPersistence.None) wanted.Add($"Persistence = {options.Persistence}");
            if (wanted.Count > 0)
            {
                throw new NotSupportedException(
                    $"{external.Variable} names a server that runs already and is taken as it is: a plain standalone one. " +
                    $"This test asks for {string.Join(", ", wanted)}. Unset {external.Variable} for it.");
            }
        }

        if (source is DockerImage)
        {
            if (options.Topology != RedisTopology.Standalone)
            {
                throw new NotSupportedException(
                    $"In Docker only Topology = Standalone can be started, and this test asks for {options.Topology}. Install a server's program on the PATH.");
            }

            if (options.UnixSocket)
                throw new NotSupportedException("UnixSocket needs a server on this machine, and only Docker was found. Install a server's program on the PATH.");
        }
    }
}
