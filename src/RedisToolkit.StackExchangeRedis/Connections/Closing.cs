using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>Closes multiplexers: replies still owed are awaited for as long as their own settings say.</summary>
internal static class Closing
{
    public static async Task CloseAsync(Ser.IConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.CloseAsync(true).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is on its way out: what it could not wait for has failed in the hands of those who asked for it.
        }

        // A lock of its own, and in older versions a wait: not on the caller's thread.
        if (multiplexer is IDisposable disposable) await Task.Run(disposable.Dispose).ConfigureAwait(false);
    }
}
