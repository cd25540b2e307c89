namespace RedisToolkit.Client;

/// <summary>
/// Says how a reply is read into a <typeparamref name="T"/>. The usual shapes are in <see cref="Replies"/>; derive from this
/// class for a shape of your own.
/// </summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
/// <remarks>
/// <see cref="Read"/> runs on the connection's reading side, in the order in which replies and pushes arrived on the wire.
/// It must not block and must not wait for another command. An exception that it throws fails this one command
/// (<see cref="CommandOutcome.Executed"/>) and disturbs no other.
/// </remarks>
public abstract class ReplyReader<T>
{
    // Where commands that are read into a T are kept for reuse; here, so that a command need not look it up.
    internal ReplyPool Pool { get; } = PendingCommand<T>.Pool;

    /// <summary>Reads one reply. An error reply never gets here: it fails the command as <see cref="RedisServerException"/>.</summary>
    /// <param name="reader">The elements of the reply.</param>
    /// <returns>The value.</returns>
    public abstract T Read(ref RespReader reader);

    /// <summary>Gives back what a value holds when its caller has left before the reply came; does nothing unless overridden.</summary>
    /// <param name="value">A value that <see cref="Read"/> returned and that nobody will see.</param>
    public virtual void Discard(T value)
    {
    }

    /// <summary>Offers memory for a long string that is the whole reply, so that it is received there without a copy.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="memory">Where to put exactly that many bytes.</param>
    /// <returns>The value that wraps the memory, or null to read it from the receive buffer as usual.</returns>
    internal virtual object? BeginBulk(int length, out Memory<byte> memory)
    {
        memory = default;
        return null;
    }

    /// <summary>Makes the value of a string that is the whole reply and that nobody else has, so that it need not be copied.</summary>
    /// <param name="whole">Its bytes.</param>
    /// <param name="value">The value.</param>
    /// <returns>False to read it as usual.</returns>
    internal virtual bool TryTake(byte[] whole, out T value)
    {
        value = default!;
        return false;
    }

    /// <summary>Makes the value of what <see cref="BeginBulk"/> returned, once all bytes are in.</summary>
    internal virtual T EndBulk(object bulk) => (T)bulk;
}

/// <summary>Reads one reply.</summary>
/// <typeparam name="T">What the reply becomes.</typeparam>
/// <param name="reader">The elements of the reply.</param>
/// <returns>The value.</returns>
public delegate T ReplyFunc<out T>(ref RespReader reader);
