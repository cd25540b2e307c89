namespace RedisToolkit.Client;

/// <content>Replies too long to be held in memory.</content>
public sealed partial class RedisClient
{
    /// <inheritdoc/>
    public ValueTask<long?> CopyToAsync(RedisCommand command, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (!destination.CanWrite) throw new ArgumentException("The destination cannot be written to.", nameof(destination));
        if (CommandTable.Refusal(command.Info) is { } refusal) throw new ArgumentException(refusal, nameof(command));
        return new StreamingCommand(_router, _context).CopyToAsync(command, destination, cancellationToken);
    }
}
