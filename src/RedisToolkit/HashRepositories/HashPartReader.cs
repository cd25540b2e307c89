using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Reads the values of members, each under its present or a former name; null in place of all of them if none is there.</summary>
internal sealed class HashPartReader<TEntity>(HashMember<TEntity>[] members) : ReplyReader<byte[]?[]?>
    where TEntity : class
{
    public override byte[]?[]? Read(ref RespReader reader)
    {
        int count = reader.ReadArrayHeader();
        int expected = members.Sum(static member => 1 + member.FormerArguments.Length);
        if (count != expected) throw new RedisReplyException($"The reply has {count} values for {expected} fields.");
        var values = new byte[]?[members.Length];
        bool any = false;
        for (int i = 0; i < members.Length; i++)
        {
            // The present name comes first, then the former ones, the latest first.
            for (int name = 0; name <= members[i].FormerArguments.Length; name++)
            {
                byte[]? value = reader.ReadBytes();
                values[i] ??= value;
                any |= value is not null;
            }
        }

        return any ? values : null;
    }
}
