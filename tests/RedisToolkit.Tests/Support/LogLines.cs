using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RedisToolkit.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines : ILoggerProvider, ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> _all = new();

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> All => [.. _all];

    public int Count(int id) => _all.Count(line => line.Id == id);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _all.Enqueue((eventId.Id, logLevel, formatter(state, exception) + exception));

    public void Dispose()
    {
    }
}
