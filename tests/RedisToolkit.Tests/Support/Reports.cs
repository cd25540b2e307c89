namespace RedisToolkit.Tests.Support;

/// <summary>Keeps what is reported, and may do something about it.</summary>
internal sealed class Reports<T>(Action<T>? then = null) : IProgress<T>
{
    public List<T> All { get; } = [];

    public void Report(T value)
    {
        All.Add(value);
        then?.Invoke(value);
    }
}
