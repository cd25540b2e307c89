using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Ways to name keys anew, for <see cref="RedisKeyspace.RenameAsync"/> and <see cref="RedisKeyspace.CopyAsync"/>.</summary>
public static class KeyMapping
{
    /// <summary>Puts another prefix in the place of one.</summary>
    /// <param name="prefix">The prefix that keys have; a key without it keeps its name, which means that it is skipped.</param>
    /// <param name="newPrefix">The prefix that they get.</param>
    /// <returns>The mapping. No two keys get the same name by it.</returns>
    /// <exception cref="ArgumentException">Both are the same.</exception>
    public static Func<RedisBytes, RedisArgument?> ReplacePrefix(RedisArgument prefix, RedisArgument newPrefix)
    {
        byte[] old = prefix.ToBytes(), put = newPrefix.ToBytes();
        if (old.AsSpan().SequenceEqual(put)) throw new ArgumentException("The new prefix is the one that keys have already.", nameof(newPrefix));
        return key =>
        {
            if (!key.Span.StartsWith(old)) return null;
            byte[] name = [.. put, .. key.Span[old.Length..]];
            return name;
        };
    }
}
