using System.Text;
using RedisToolkit.Client;

namespace RedisToolkit.Conformance;

/// <summary>Notes what it is told, in order.</summary>
public sealed class RecordingListener : IInvalidationListener
{
    private readonly List<string> _events = [];
    private readonly List<byte[]> _keys = [];

    public string[] Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    public byte[][] Keys
    {
        get
        {
            lock (_events) return [.. _keys];
        }
    }

    public void OnInvalidated(ReadOnlySpan<byte> key)
    {
        lock (_events)
        {
            _events.Add("key " + Encoding.UTF8.GetString(key));
            _keys.Add(key.ToArray());
        }
    }

    public void OnFlush() => Note("flush");

    public void OnGap() => Note("gap");

    public void OnArmed(long epoch) => Note($"armed {epoch}");

    public void Note(string what)
    {
        lock (_events) _events.Add(what);
    }

    public int Count(string what) => Events.Count(noted => noted == what);
}

/// <summary>Notes replies among the events of a listener.</summary>
public sealed class RecordingObserver(RecordingListener listener) : ITrackedReplyObserver<string?>
{
    public void OnReply(string? value, TrackedReply tracked) => listener.Note($"read {value ?? "nothing"} in {tracked.Epoch}{(tracked.IsTracked ? string.Empty : ", untracked")}");
}
