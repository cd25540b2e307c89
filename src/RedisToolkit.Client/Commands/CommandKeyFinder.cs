namespace RedisToolkit.Client;

/// <summary>What the key finder must see of a command's arguments. A structure, so that each kind of arguments gets code of its own.</summary>
internal interface ICommandArguments
{
    /// <summary>Whether an argument is this word, whatever its case.</summary>
    /// <param name="index">The position; 0 is the command's name.</param>
    /// <param name="upperToken">The word in capitals; empty to ask whether the argument is.</param>
    bool IsToken(int index, ReadOnlySpan<byte> upperToken);

    /// <summary>Reads an argument as a whole number.</summary>
    /// <param name="index">The position; 0 is the command's name.</param>
    /// <param name="value">The number.</param>
    /// <returns>False if it is none.</returns>
    bool TryInteger(int index, out long value);
}

/// <summary>Keys that stand at one position and every so many after it.</summary>
internal readonly record struct KeyRange(int First, int Count, int Step);

/// <summary>Where a command's keys stand: two ranges, because some have a destination apart from their sources.</summary>
internal readonly record struct KeyPositions(KeyRange Main, KeyRange Further)
{
    internal int Count => Main.Count + Further.Count;

    /// <summary>The position of a key; 0 is the command's name.</summary>
    internal int this[int key] => key < Main.Count ? Main.First + key * Main.Step : Further.First + (key - Main.Count) * Further.Step;
}

/// <summary>Finds the keys among a command's arguments, as the servers do. Arguments that the server will refuse have no keys or fewer.</summary>
internal static class CommandKeyFinder
{
    /// <summary>Finds the keys.</summary>
    /// <param name="info">The command.</param>
    /// <param name="count">How many arguments there are, the name counted.</param>
    /// <param name="arguments">The arguments.</param>
    internal static KeyPositions Find<TArguments>(in CommandInfo info, int count, in TArguments arguments)
        where TArguments : struct, ICommandArguments
    {
        KeyRange fixedRange = Fixed(info, count);
        return info.Rule switch
        {
            KeyRule.None => new(fixedRange, default),
            KeyRule.NumKeysAt => new(fixedRange, Counted(info.RuleIndex, 1, count, arguments)),
            KeyRule.NumPairsAt => new(fixedRange, Counted(info.RuleIndex, 2, count, arguments)),
            KeyRule.AfterStreams => new(Streams(info.RuleIndex, count, arguments), default),
            KeyRule.GeoStore => new(fixedRange, GeoStore(info.RuleIndex, count, arguments)),
            KeyRule.SortStore => new(fixedRange, SortStore(info.RuleIndex, count, arguments)),
            KeyRule.MigrateKeys => Migrate(info.RuleIndex, fixedRange, count, arguments),
            _ => default,
        };
    }

    /// <summary>Whether a command waits at the server, told by its option where that decides.</summary>
    /// <param name="info">The command.</param>
    /// <param name="count">How many arguments there are, the name counted.</param>
    /// <param name="arguments">The arguments.</param>
    internal static bool Blocks<TArguments>(in CommandInfo info, int count, in TArguments arguments)
        where TArguments : struct, ICommandArguments
    {
        if ((info.Flags & CommandFlags.Blocking) != 0) return true;
        if ((info.Flags & CommandFlags.BlocksWithOption) == 0) return false;
        for (int i = 1; i < count && !arguments.IsToken(i, "STREAMS"u8); i++)
        {
            if (arguments.IsToken(i, "BLOCK"u8)) return true;
            i += OptionLength(i, arguments);
        }

        return false;
    }

    private static KeyRange Fixed(in CommandInfo info, int count)
    {
        int last = info.LastKey < 0 ? count + info.LastKey : info.LastKey;
        if (info.FirstKey is 0 || last < info.FirstKey || last >= count) return default;
        return new(info.FirstKey, (last - info.FirstKey) / info.Step + 1, info.Step);
    }

    private static KeyRange Counted<TArguments>(int at, int step, int count, in TArguments arguments)
        where TArguments : struct, ICommandArguments
    {
        if (at >= count || !arguments.TryInteger(at, out long keys)) return default;
        return keys < 1 || keys > (count - at - 1) / step ? default : new(at + 1, (int)keys, step);
    }

    private static KeyRange Streams<TArguments>(int from, int count, in TArguments arguments)
        where TArguments : struct, ICommandArguments
    {
        // A consumer may be called "streams": options are stepped over with what belongs to them, not searched.
        for (int i = 1; i < count; i++)
        {
            if (i >= from && arguments.IsToken(i, "STREAMS"u8))
                return (count - i - 1) % 2 is 0 && count > i + 1 ? new(i + 1, (count - i - 1) / 2, 1) : default;
            i += OptionLength(i, arguments);
        }

        return default;
    }

    /// <summary>How many arguments an option of <c>XREAD</c> and <c>XREADGROUP</c> takes.</summary>
    private static int OptionLength<TArguments>(int index, in TArguments arguments)
        where TArguments : struct, ICommandArguments
    {
        if (arguments.IsToken(index, "GROUP"u8)) return 2;
        return arguments.IsToken(index, "BLOCK"u8) || arguments.IsToken(index, "COUNT"u8) || arguments.IsToken(index, "CLAIM"u8) ? 1 : 0;
    }

    private static KeyRange GeoStore<TArguments>(int from, int count, in TArguments arguments)
        where TArguments : struct, ICommandArguments
    {
        int store = After("STORE"u8, arguments), distances = After("STOREDIST"u8, arguments);
        if (store is 0 || distances is 0) return Math.Max(store, distances) is var one && one > 0 ? new(one, 1, 1) : default;
        return new(Math.Min(store, distances), 2, Math.Abs(store - distances));

        int After(ReadOnlySpan<byte> keyword, in TArguments arguments)
        {
            for (int i = from; i + 1 < count; i++)
            {
                if (arguments.IsToken(i, keyword)) return i + 1;
            }

            return 0;
        }
    }

    private static KeyRange SortStore<TArguments>(int from, int count, in TArguments arguments)
        where TArguments : struct, ICommandArguments
    {
        KeyRange store = default;
        for (int i = from; i < count; i++)
        {
            if (arguments.IsToken(i, "LIMIT"u8)) i += 2;
            else if (arguments.IsToken(i, "GET"u8) || arguments.IsToken(i, "BY"u8)) i++;
            else if (i + 1 < count && arguments.IsToken(i, "STORE"u8)) store = new(++i, 1, 1);
        }

        return store;
    }

    private static KeyPositions Migrate<TArguments>(int from, KeyRange single, int count, in TArguments arguments)
        where TArguments : struct, ICommandArguments
    {
        if (single.Count is 0 || !arguments.IsToken(single.First, default)) return new(single, default);
        for (int i = from; i < count; i++)
        {
            if (arguments.IsToken(i, "KEYS"u8)) return new(new(i + 1, count - i - 1, 1), default);
            if (arguments.IsToken(i, "AUTH"u8)) i++;
            else if (arguments.IsToken(i, "AUTH2"u8)) i += 2;
        }

        return default;
    }
}
