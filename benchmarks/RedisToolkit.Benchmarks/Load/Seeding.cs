using RedisToolkit.Benchmarks.Clients;

namespace RedisToolkit.Benchmarks.Load;

/// <summary>Puts the data of workloads on the server, and checks afterwards that writers wrote.</summary>
internal sealed class Seeding(WireConnection connection)
{
    private const int CommandsPerWrite = 50;

    public async Task SeedAsync(IEnumerable<Workload> workloads, CancellationToken cancellationToken)
    {
        await connection.SendAsync(Wire.Command("SCRIPT", "LOAD", SampleData.Script), cancellationToken);
        foreach (var commands in workloads.SelectMany(workload => CommandsOf(workload).Chunk(CommandsPerWrite)))
            await connection.SendAsync([.. commands.SelectMany(command => command)], commands.Length, cancellationToken);
    }

    /// <summary>Before a round that writes: removes what an earlier round wrote.</summary>
    public async Task ForgetAsync(Workload workload, CancellationToken cancellationToken)
    {
        if (workload.Job == Job.Set) await connection.SendAsync(Wire.Command(["DEL", .. SampleData.Keys(workload)]), cancellationToken);
    }

    /// <summary>After a round that writes: reads back the first key of the first caller.</summary>
    /// <exception cref="InvalidDataException">It does not hold what should have been written.</exception>
    public async Task VerifyAsync(Workload workload, CancellationToken cancellationToken)
    {
        if (workload.Job != Job.Set) return;
        var reply = await connection.SendAsync(Wire.Command("GET", SampleData.Keys(workload)[0]), cancellationToken);
        var expected = Wire.Bulk(SampleData.Value(0, workload.ValueBytes));
        SampleData.Check(reply.AsSpan().SequenceEqual(expected), "SET was answered but stored something else");
    }

    private static IEnumerable<byte[]> CommandsOf(Workload workload)
    {
        var keys = SampleData.Keys(workload);
        return workload.Job switch
        {
            Job.Set => [],
            Job.HashGetAll => keys.SelectMany(HashCommands),
            _ => keys.Select((key, i) => Wire.Command("SET"u8.ToArray(), Utf8(key), SampleData.Value(i, workload.ValueBytes))),
        };

        IEnumerable<byte[]> HashCommands(string key) =>
        [
            Wire.Command("DEL", key),
            .. SampleData.FieldNames.Select((field, i) =>
                Wire.Command("HSET"u8.ToArray(), Utf8(key), Utf8(field), SampleData.Value(i, workload.ValueBytes))),
        ];
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
