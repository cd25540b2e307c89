using System.Runtime.CompilerServices;

namespace RedisToolkit.Client;

/// <summary>
/// A command to be sent: its name, its arguments, which of them are keys, whether it may be repeated and how long it may take.
/// It is a value; the methods that begin with <c>With</c> return a changed one.
/// </summary>
/// <example><c>RedisCommand.Create("SET", "user:1", "Ada", "EX", 60)</c></example>
public readonly struct RedisCommand
{
    // Most commands have few arguments: these need no array.
    private const int Inline = 4;
    private readonly CommandHeader? _header;
    private readonly RedisArgument _first;
    private readonly RedisArgument _second;
    private readonly RedisArgument _third;
    private readonly RedisArgument _fourth;
    private readonly RedisArgument[]? _more;
    private readonly int _count;

    internal RedisCommand(CommandHeader header, params ReadOnlySpan<RedisArgument> arguments)
    {
        _header = header;
        _count = arguments.Length;
        if (arguments.Length > 0) _first = arguments[0];
        if (arguments.Length > 1) _second = arguments[1];
        if (arguments.Length > 2) _third = arguments[2];
        if (arguments.Length > 3) _fourth = arguments[3];
        if (arguments.Length > Inline) _more = arguments[Inline..].ToArray();
        Repeatable = header.Info.SafeToRepeat;
    }

    internal RedisCommand(CommandHeader header, in RedisArgument first)
    {
        _header = header;
        _count = 1;
        _first = first;
        Repeatable = header.Info.SafeToRepeat;
    }

    internal RedisCommand(CommandHeader header, in RedisArgument first, in RedisArgument second)
        : this(header, first)
    {
        _count = 2;
        _second = second;
    }

    internal RedisCommand(CommandHeader header, in RedisArgument first, in RedisArgument second, in RedisArgument third)
        : this(header, first, second)
    {
        _count = 3;
        _third = third;
    }

    internal RedisCommand(CommandHeader header, in RedisArgument first, in RedisArgument second, in RedisArgument third, in RedisArgument fourth)
        : this(header, first, second, third)
    {
        _count = 4;
        _fourth = fourth;
    }

    /// <summary>Joins lists of arguments; up to four in all need no array.</summary>
    internal RedisCommand(CommandHeader header, ReadOnlySpan<RedisArgument> head, ReadOnlySpan<RedisArgument> middle, ReadOnlySpan<RedisArgument> tail = default)
    {
        _header = header;
        _count = head.Length + middle.Length + tail.Length;
        if (_count > Inline) _more = new RedisArgument[_count - Inline];
        int at = 0;
        foreach (ref readonly RedisArgument argument in head) Put(at++, argument, ref _first, ref _second, ref _third, ref _fourth, _more);
        foreach (ref readonly RedisArgument argument in middle) Put(at++, argument, ref _first, ref _second, ref _third, ref _fourth, _more);
        foreach (ref readonly RedisArgument argument in tail) Put(at++, argument, ref _first, ref _second, ref _third, ref _fourth, _more);
        Repeatable = header.Info.SafeToRepeat;
    }

    private RedisCommand(in RedisCommand other, CommandHeader header, in RedisArgument first)
    {
        this = other;
        _header = header;
        _first = first;
    }

    /// <summary>Gets the command's name in capitals.</summary>
    public string Name => Header.Name;

    /// <summary>Gets how many arguments follow the name.</summary>
    public int ArgumentCount => _count;

    /// <summary>Gets a value indicating whether the command may be sent again when it is unknown if it was executed.</summary>
    /// <value>True for commands that only read or that do nothing to the data, unless <see cref="WithoutRepeat"/> was called; false for all others, unless <see cref="SafeToRepeat"/> was.</value>
    public bool Repeatable { get; private init; }

    /// <summary>Gets how long the command may take from the call to its result, or null for the client's <see cref="RedisClientOptions.CommandTimeout"/>.</summary>
    public TimeSpan? Timeout => TimeoutMilliseconds == 0 ? null : TimeSpan.FromMilliseconds(TimeoutMilliseconds);

    // Rounded up; 0 means the client's. A command is copied on its way, so it is kept small.
    private int TimeoutMilliseconds { get; init; }

    internal CommandHeader Header => _header ?? throw new ArgumentException("The command is default(RedisCommand), which is no command. Make one with RedisCommand.Create.");

    internal CommandInfo Info => Header.Info;

    /// <summary>Makes a command by its name.</summary>
    /// <param name="name">The name without its subcommand, in any case: <c>"CLIENT"</c>, with <c>"LIST"</c> as the first argument.</param>
    /// <param name="arguments">The arguments in the server's order; each is sent as it is, whatever it contains.</param>
    /// <returns>The command.</returns>
    /// <exception cref="ArgumentException">The name is empty or has blanks.</exception>
    public static RedisCommand Create(string name, params ReadOnlySpan<RedisArgument> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].IsMissing) throw new ArgumentException($"Argument {i + 1} of {name} is default(RedisArgument), which is no argument.", nameof(arguments));
        }

        return new RedisCommand(CommandHeader.Of(name, arguments), arguments);
    }

    /// <summary>Gets an argument.</summary>
    /// <param name="index">0 for the first one behind the name.</param>
    /// <returns>The argument.</returns>
    public RedisArgument GetArgument(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _count);
        return index switch
        {
            0 => _first,
            1 => _second,
            2 => _third,
            3 => _fourth,
            _ => _more![index - Inline],
        };
    }

    /// <summary>Says that executing the command twice does the same as once, so that it may be sent again after a lost connection.</summary>
    /// <returns>The command with that mark.</returns>
    public RedisCommand SafeToRepeat() => this with { Repeatable = true };

    /// <summary>Says that the command must not be sent again by the client, even if it only reads.</summary>
    /// <returns>The command with that mark.</returns>
    public RedisCommand WithoutRepeat() => this with { Repeatable = false };

    /// <summary>Sets how long the command may take, waiting and repeats included.</summary>
    /// <param name="timeout">1 ms to 24 days; a part of a millisecond counts as a whole one.</param>
    /// <returns>The command with that deadline.</returns>
    public RedisCommand WithTimeout(TimeSpan timeout)
    {
        if (timeout < TimeSpan.FromMilliseconds(1) || timeout > TimeSpan.FromDays(24))
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A command's timeout is 1 ms to 24 days.");
        return this with { TimeoutMilliseconds = (int)Math.Ceiling(timeout.TotalMilliseconds) };
    }

    /// <summary>Joins the command to the shape of its reply, so that batches and transactions can take both as one.</summary>
    /// <typeparam name="T">What the reply becomes.</typeparam>
    /// <param name="reply">The shape.</param>
    /// <returns>Both.</returns>
    public RedisCommand<T> Returning<T>(ReplyReader<T> reply) => new(this, reply);

    /// <summary>Shows the command's name and the kinds of its arguments, never their content.</summary>
    /// <returns>For example <c>SET (text of 6 characters, text of 3 characters)</c>.</returns>
    public override string ToString()
    {
        if (_header is null) return "no command";
        var shown = new string[Math.Min(_count, 8)];
        for (int i = 0; i < shown.Length; i++) shown[i] = GetArgument(i).ToString();
        return _count == 0 ? Name : $"{Name} ({string.Join(", ", shown)}{(_count > shown.Length ? ", ..." : string.Empty)})";
    }

    internal bool Blocks => CommandKeyFinder.Blocks(Info, _count + 1, new CommandArguments(this));

    internal KeyPositions Keys => CommandKeyFinder.Find(Info, _count + 1, new CommandArguments(this));

    /// <summary>The same arguments but the first, under another name.</summary>
    internal RedisCommand As(CommandHeader header, in RedisArgument first) => new(this, header, first);

    /// <summary>The same command with other arguments.</summary>
    internal RedisCommand WithArguments(ReadOnlySpan<RedisArgument> arguments) =>
        new RedisCommand(Header, arguments) with { Repeatable = Repeatable, TimeoutMilliseconds = TimeoutMilliseconds };

    /// <summary>About how many bytes it takes on the wire, without looking into its texts.</summary>
    internal long ApproximateBytes
    {
        get
        {
            const int OfFrame = 8;
            long bytes = OfFrame + Header.NameAsBulk.Length;
            for (int i = 0; i < _count; i++) bytes += OfFrame + GetArgument(i).ApproximateBytes;
            return bytes;
        }
    }

    /// <summary>Spells the command for the wire.</summary>
    /// <exception cref="ArgumentException">An argument cannot be sent. What was written must be taken back.</exception>
    /// <exception cref="RedisCommandDisabledException">The command map disables it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteTo(SendBuffer buffer, CommandSpelling spelling)
    {
        CommandHeader header = Header;
        buffer.WriteHeader(_count + 1, spelling.IsPlain ? header.NameAsBulk : spelling.Of(header));
        if (_count > 0) _ = buffer.WriteArgument(_first, spelling.MaxArgumentBytes);
        if (_count > 1) _ = buffer.WriteArgument(_second, spelling.MaxArgumentBytes);
        if (_count > 2) WriteRest(buffer, spelling.MaxArgumentBytes);
    }

    private static void Put(
        int at, in RedisArgument argument, ref RedisArgument first, ref RedisArgument second, ref RedisArgument third, ref RedisArgument fourth, RedisArgument[]? more)
    {
        switch (at)
        {
            case 0:
                first = argument;
                break;
            case 1:
                second = argument;
                break;
            case 2:
                third = argument;
                break;
            case 3:
                fourth = argument;
                break;
            default:
                more![at - Inline] = argument;
                break;
        }
    }

    private void WriteRest(SendBuffer buffer, int mostBytes)
    {
        _ = buffer.WriteArgument(_third, mostBytes);
        if (_count > 3) _ = buffer.WriteArgument(_fourth, mostBytes);
        if (_more is null) return;
        foreach (ref readonly RedisArgument argument in _more.AsSpan()) _ = buffer.WriteArgument(argument, mostBytes);
    }
}

/// <summary>A command together with the shape of its reply.</summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
public readonly struct RedisCommand<T>
{
    internal RedisCommand(in RedisCommand command, ReplyReader<T> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        Command = command;
        Reply = reply;
    }

    /// <summary>Gets the command.</summary>
    public RedisCommand Command { get; }

    /// <summary>Gets the shape of the reply.</summary>
    public ReplyReader<T> Reply { get; }

    /// <inheritdoc cref="RedisCommand.SafeToRepeat"/>
    public RedisCommand<T> SafeToRepeat() => new(Command.SafeToRepeat(), Reply);

    /// <inheritdoc cref="RedisCommand.WithoutRepeat"/>
    public RedisCommand<T> WithoutRepeat() => new(Command.WithoutRepeat(), Reply);

    /// <inheritdoc cref="RedisCommand.WithTimeout"/>
    public RedisCommand<T> WithTimeout(TimeSpan timeout) => new(Command.WithTimeout(timeout), Reply);

    /// <inheritdoc/>
    public override string ToString() => Command.ToString();
}
