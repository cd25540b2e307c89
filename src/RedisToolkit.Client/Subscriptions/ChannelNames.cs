namespace RedisToolkit.Client;

/// <summary>Checks the names that somebody wants to subscribe to.</summary>
internal static class ChannelNames
{
    /// <returns>The bytes of each name, once.</returns>
    /// <exception cref="ArgumentException">There is no name, or one cannot be sent.</exception>
    public static List<byte[]> Check(IReadOnlyCollection<RedisArgument> names, int mostBytes)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0) throw new ArgumentException("There is no name to subscribe to; give at least one.", nameof(names));
        var seen = new HashSet<byte[]>(ChannelBytesComparer.Instance);
        foreach (RedisArgument name in names)
        {
            if (name.IsMissing) throw new ArgumentException("A name is default(RedisArgument), which is no name.", nameof(names));
            byte[] bytes = name.ToBytes();
            if (bytes.Length > mostBytes) throw new ArgumentException($"A name has {bytes.Length} bytes and {mostBytes} are allowed (RedisClientOptions.MaxArgumentBytes).", nameof(names));
            seen.Add(bytes);
        }

        return [.. seen];
    }
}
