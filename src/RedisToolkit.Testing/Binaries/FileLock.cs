using System.Diagnostics;

namespace RedisToolkit.Testing;

/// <summary>A lock between processes: an open file that the system lets go when its holder dies.</summary>
internal static class FileLock
{
    internal static async Task<FileStream> TakeAsync(string path, TimeSpan bound, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < bound)
            {
                // Another process holds it: ask again.
                await Task.Delay(50, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException held)
            {
                throw new TimeoutException($"{path} was held by another process for {bound.TotalSeconds:0} s", held);
            }
        }
    }
}
