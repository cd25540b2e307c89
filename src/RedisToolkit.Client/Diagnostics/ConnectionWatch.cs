using System.Diagnostics.Metrics;

namespace RedisToolkit.Client;

/// <summary>
/// All open connections of this process, for instruments that are read rather than written to: what a connection counts for
/// itself anyway is added up when somebody asks, so that counting costs commands nothing.
/// </summary>
internal static class ConnectionWatch
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<RedisConnection> Open = [];
    private static readonly HashSet<ICommandRouter> Routers = [];
    private static readonly Dictionary<Place, (long Sent, long Received)> OfEnded = [];

    // What one measurement is about; clients that use the same server share it.
    private readonly record struct Place(string System, string Address, object? Port, string? Pool = null, string? Detail = null)
    {
        public static Place Of(ServerIdentity server, string? pool = null, string? detail = null) => new(server.System, server.Address, server.Port, pool, detail);

        public Measurement<long> Measure(long value, string? detailName = null)
        {
            var tags = new List<KeyValuePair<string, object?>>(5) { new(Attributes.System, System), new(Attributes.ServerAddress, Address) };
            if (Port is not null) tags.Add(new(Attributes.ServerPort, Port));
            if (Pool is not null) tags.Add(new(Attributes.Pool, Pool));
            if (Detail is not null) tags.Add(new(detailName!, Detail));
            return new Measurement<long>(value, tags);
        }
    }

    public static void Add(RedisConnection connection)
    {
        lock (Gate)
        {
            // It may have ended while it was being opened.
            if (!connection.Ended.IsCompleted) Open.Add(connection);
        }
    }

    public static void Remove(RedisConnection connection)
    {
        lock (Gate)
        {
            if (!Open.Remove(connection)) return;
            var place = Place.Of(connection.Identity);
            (long sent, long received) = OfEnded.GetValueOrDefault(place);
            OfEnded[place] = (sent + connection.Writer.HandedOver, received + connection.ReceivedBytes);
        }
    }

    public static void Add(ICommandRouter router)
    {
        lock (Gate) Routers.Add(router);
    }

    public static void Remove(ICommandRouter router)
    {
        lock (Gate) Routers.Remove(router);
    }

    public static IEnumerable<Measurement<long>> Counts() =>
        Sum(connection => Place.Of(connection.Identity, connection.Pool, connection.IsUsed ? "used" : "idle"), static _ => 1, Attributes.State);

    public static IEnumerable<Measurement<long>> InFlight() =>
        Sum(static connection => Place.Of(connection.Identity, connection.Pool), static connection => connection.Unanswered);

    public static IEnumerable<Measurement<long>> Unsent() =>
        Sum(static connection => Place.Of(connection.Identity, connection.Pool), static connection => connection.Writer.UnsentBytes);

    public static IEnumerable<Measurement<long>> Waiting()
    {
        var sums = new Dictionary<Place, long>();
        lock (Gate)
        {
            foreach (ICommandRouter router in Routers) AddTo(sums, Place.Of(router.CurrentServer), router.WaitingCount);
        }

        return sums.Select(static sum => sum.Key.Measure(sum.Value));
    }

    public static IEnumerable<Measurement<long>> Bytes()
    {
        var sums = new Dictionary<Place, long>();
        lock (Gate)
        {
            foreach ((Place place, (long sent, long received)) in OfEnded) AddBytes(place, sent, received);
            foreach (RedisConnection connection in Open) AddBytes(Place.Of(connection.Identity), connection.Writer.HandedOver, connection.ReceivedBytes);
        }

        return sums.Select(static sum => sum.Key.Measure(sum.Value, Attributes.Direction));

        void AddBytes(Place place, long sent, long received)
        {
            AddTo(sums, place with { Detail = "transmit" }, sent);
            AddTo(sums, place with { Detail = "receive" }, received);
        }
    }

    private static IEnumerable<Measurement<long>> Sum(Func<RedisConnection, Place> place, Func<RedisConnection, long> value, string? detailName = null)
    {
        var sums = new Dictionary<Place, long>();
        lock (Gate)
        {
            foreach (RedisConnection connection in Open) AddTo(sums, place(connection), value(connection));
        }

        return sums.Select(sum => sum.Key.Measure(sum.Value, detailName));
    }

    private static void AddTo(Dictionary<Place, long> sums, Place place, long value) => sums[place] = sums.GetValueOrDefault(place) + value;
}
