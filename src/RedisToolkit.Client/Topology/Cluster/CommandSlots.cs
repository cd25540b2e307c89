namespace RedisToolkit.Client;

/// <summary>Finds the slot that a command belongs to, by its keys.</summary>
internal static class CommandSlots
{
    /// <summary>The slot of all of a command's keys.</summary>
    /// <returns><see cref="HashSlot.None"/> if it has no keys, <see cref="HashSlot.Several"/> if they lie apart.</returns>
    public static int Of(in RedisCommand command)
    {
        ref readonly CommandInfo info = ref command.Header.InfoReference;
        // Nearly every command: one key, at a fixed place.
        if (info.Rule == KeyRule.None && info.FirstKey == info.LastKey && info.FirstKey > 0)
            return info.FirstKey <= command.ArgumentCount ? HashSlot.Of(command.GetArgument(info.FirstKey - 1)) : HashSlot.None;
        if (command.Header.IsUnknown) return OfUnknown(command);
        KeyPositions keys = command.Keys;
        if (keys.Count == 0) return HashSlot.None;
        int slot = HashSlot.Of(command.GetArgument(keys[0] - 1));
        for (int i = 1; i < keys.Count; i++)
        {
            if (HashSlot.Of(command.GetArgument(keys[i] - 1)) != slot) return HashSlot.Several;
        }

        return slot;
    }

    /// <summary>Says which keys of a command lie apart, and what to do about it.</summary>
    public static RedisCrossSlotException Crossing(in RedisCommand command)
    {
        KeyPositions keys = command.Keys;
        var all = new RedisArgument[keys.Count];
        for (int i = 0; i < all.Length; i++) all[i] = command.GetArgument(keys[i] - 1);
        return RedisCrossSlotException.Of(command.Name, all);
    }

    // Commands of modules and of newer servers nearly all begin with their key. Where that guess is wrong, the node that gets the
    // command says which one is right.
    private static int OfUnknown(in RedisCommand command) => command.ArgumentCount == 0 ? HashSlot.None : HashSlot.Of(command.GetArgument(0));
}
