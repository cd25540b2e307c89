namespace RedisToolkit.Client;

/// <summary>The commands of a batch or a transaction with their results, collected by one caller and executed once.</summary>
/// <param name="owner">What it is, for messages: <c>batch</c>.</param>
internal sealed class CommandList(string owner)
{
    // A part of a batch travels as one: no other caller's command comes in between, so it must not be too long for them.
    public const int MostCommandsOfPart = 1024;
    public const int MostBytesOfPart = 256 * 1024;
    private readonly List<BatchResult> _results = [];
    private long _bytes;
    private TimeSpan _longest;
    private bool _anyUsual;
    private int _started;

    public IReadOnlyList<BatchResult> Results => _results;

    public int Count => _results.Count;

    /// <summary>Gets a value indicating whether it is short enough to travel as one.</summary>
    public bool IsOnePart => Count <= MostCommandsOfPart && _bytes <= MostBytesOfPart;

    /// <exception cref="ArgumentException">It must not share a connection with others, or is no command.</exception>
    public BatchResult<T> Add<T>(in RedisCommand command, ReplyReader<T> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        RequireNotStarted();
        if (command.Header.IsSpecial) RefuseSpecial(command);
        var result = new BatchResult<T>(command, reply);
        _results.Add(result);
        _bytes += command.ApproximateBytes;
        AllowTimeOf(command);
        return result;
    }

    /// <summary>Lets all of it take as long as this command may.</summary>
    public void AllowTimeOf(in RedisCommand command)
    {
        if (command.Timeout is not { } timeout) _anyUsual = true;
        else if (timeout > _longest) _longest = timeout;
    }

    /// <summary>Gets what measurements call it: <c>PIPELINE GET</c> if all its commands are the same, else <c>PIPELINE</c>.</summary>
    public string OperationName
    {
        get
        {
            string first = _results[0].Command.Header.OperationName;
            foreach (BatchResult result in _results)
            {
                if (result.Command.Header.OperationName != first) return "PIPELINE";
            }

            return "PIPELINE " + first;
        }
    }

    /// <exception cref="InvalidOperationException">It was executed already.</exception>
    public void RequireNotStarted()
    {
        if (Volatile.Read(ref _started) != 0) throw new InvalidOperationException($"The {owner} was executed already. Make a new one for further commands.");
    }

    /// <summary>Marks it as being executed.</summary>
    /// <exception cref="InvalidOperationException">It was before.</exception>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException($"The {owner} was executed already, and its results are those of that time. Make a new one to execute its commands again.");
    }

    /// <summary>How long all of it may take: as long as the command that may take longest.</summary>
    public TimeSpan TimeoutOr(TimeSpan usual) => (_anyUsual && _longest < usual) || _longest == TimeSpan.Zero ? usual : _longest;

    /// <summary>Gives all results that are not there yet the same error.</summary>
    public static void Fail(IReadOnlyList<BatchResult> results, Exception error)
    {
        foreach (BatchResult result in results)
        {
            if (!result.IsDone) result.Settle(error);
        }
    }

    /// <summary>Where the part that begins at <paramref name="from"/> ends.</summary>
    public int EndOfPart(int from) => EndOfPart(_results, from);

    /// <inheritdoc cref="EndOfPart(int)"/>
    public static int EndOfPart(IReadOnlyList<BatchResult> results, int from)
    {
        int end = from;
        long bytes = 0;
        while (end < results.Count && end - from < MostCommandsOfPart)
        {
            bytes += results[end].Command.ApproximateBytes;
            if (bytes > MostBytesOfPart && end > from) break;
            end++;
        }

        return end;
    }

    /// <summary>Spells all commands in vain, so that one which cannot be sent is found before any other was.</summary>
    /// <exception cref="ArgumentException">A command cannot be spelled.</exception>
    /// <exception cref="RedisCommandDisabledException">The command map disables one.</exception>
    public void Check(CommandSpelling spelling)
    {
        var scratch = new SendBuffer(SendBuffer.UsualCapacity);
        for (int i = 0; i < Count; i++)
        {
            Spell(_results[i].Command, i, scratch, spelling);
            scratch.Clear();
        }
    }

    /// <summary>Spells a command; the error of one that cannot be spelled says which it is.</summary>
    public static void Spell(in RedisCommand command, int index, SendBuffer buffer, CommandSpelling spelling)
    {
        try
        {
            command.WriteTo(buffer, spelling);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"Nothing was sent. Command {index + 1}, {command.Name}: {exception.Message}", exception);
        }
    }

    private void RefuseSpecial(in RedisCommand command)
    {
        if (CommandTable.Refusal(command.Info) is { } refusal) throw new ArgumentException(refusal, nameof(command));
        if (command.Blocks)
            throw new ArgumentException($"{command.Name} would hold up everything behind it on a shared connection, so a {owner} does not take it. Pass it to ExecuteAsync by itself.", nameof(command));
    }
}
