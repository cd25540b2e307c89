using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Tests;

/// <summary>
/// Random sequences of calls have the same visible outcomes wherever the deadlines are kept: by the server, beside the hash, on an old
/// server, and by both kinds of callers in turn, who hand them to and fro.
/// </summary>
public sealed class SameEverywhereTests
{
    private const int Sequences = 40;
    private static readonly string[] Names = ["a", "b", "c", "d"];

    private enum What
    {
        Set,
        SetTwo,
        SetIfNone,
        SetIfAll,
        Expire,
        Persist,
        GetAndExpire,
        Delete,
        EndSoon,
        OthersWrite,
        OthersDelete,
        OthersDeleteHash,
        Sweep,
        Convert,
    }

    [Theory]
    [InlineData(nameof(OwnClient))]
    [InlineData(nameof(AdapterClient))]
    public async Task Random_sequences_have_the_same_outcomes_everywhere(string client)
    {
        Target[] targets = [.. new EveryTargetAttribute().GetData(null!).Select(row => (Target)row[0]).Where(target => target.ToString().StartsWith(client, StringComparison.Ordinal))];
        var runs = new List<(string Name, IRedisClient Redis, HashFields[] Callers)>();
        try
        {
            foreach (Target target in targets)
            {
                IRedisClient redis = await target.ConnectAsync();
                var automatic = new HashFields(redis);
                var portable = new HashFields(redis, new HashFieldsOptions { Storage = HashFieldStorage.Portable });
                runs.Add(($"{target}, automatic", redis, [automatic]));
                if (target.Flavor == RedisFlavor.Redis7) continue;
                runs.Add(($"{target}, portable", redis, [portable]));
                runs.Add(($"{target}, mixed", redis, [automatic, portable, portable, automatic, portable]));
            }

            foreach (Step[] steps in Steps().ArrayOf().Sample(Sequences, 40).Select(list => list.Take(60).ToArray()))
            {
                string[][] outcomes = await Task.WhenAll(runs.Select(run => RunAsync(run.Redis, run.Callers, steps)));
                for (int i = 1; i < outcomes.Length; i++)
                {
                    int differs = outcomes[0].Zip(outcomes[i]).TakeWhile(pair => pair.First == pair.Second).Count();
                    Assert.True(
                        differs == steps.Length,
                        differs == steps.Length ? "" : $"{runs[0].Name}: {outcomes[0][differs]}\n{runs[i].Name}: {outcomes[i][differs]}\nafter {string.Join("; ", steps.Take(differs + 1))}");
                }
            }
        }
        finally
        {
            foreach (IRedisClient redis in runs.Select(run => run.Redis).Distinct()) await redis.DisposeAsync();
        }
    }

    [Fact]
    public void The_values_of_others_have_other_marks_than_ours() =>
        Assert.Empty(Enumerable.Range(0, 60).Select(i => Mark("v" + i)).Append(Mark("e")).Intersect(Enumerable.Range(0, 60).Select(i => Mark(Theirs(i)))));

    private static async Task<string[]> RunAsync(IRedisClient redis, HashFields[] callers, Step[] steps)
    {
        string key = TestServers.NewKey();
        var outcomes = new string[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            string outcome = await DoAsync(redis, callers[i % callers.Length], key, steps[i], i);
            outcomes[i] = $"{outcome} | {await StateAsync(redis, callers[(i + 1) % callers.Length], key)}";
        }

        return outcomes;
    }

    // Each step writes a value of its own, so that a value tells which write it came from.
    private static async Task<string> DoAsync(IRedisClient redis, HashFields fields, string key, Step step, int i)
    {
        (What what, string f, string g, int time, ExpireWhen when) = step;
        RedisArgument value = "v" + i;
        switch (what)
        {
            case What.Set:
                return $"{await fields.SetAsync(key, [(f, value, TimeOf(time, i))])}";
            case What.SetTwo:
                return $"{await fields.SetAsync(key, [(f, value, TimeOf(time, i)), (g, value, TimeOf(time + 1, i))])}";
            case What.SetIfNone:
                return $"{await fields.SetAsync(key, [(f, value, TimeOf(time, i)), (g, value, TimeOf(time + 1, i))], SetFieldsWhen.NoneExists)}";
            case What.SetIfAll:
                return $"{await fields.SetAsync(key, [(f, value, TimeOf(time, i)), (g, value, TimeOf(time, i))], SetFieldsWhen.AllExist)}";
            case What.Expire:
                return string.Join(",", await fields.ExpireAsync(key, [(f, EndOf(time, i)), (g, EndOf(time + 1, i))], when));
            case What.Persist:
                return string.Join(",", await fields.PersistAsync(key, [f, g]));
            case What.GetAndExpire:
                return string.Join(",", await fields.GetAndExpireAsync(key, [f, g], EndOf(time, i)));
            case What.Delete:
                return $"{await fields.DeleteAsync(key, [f, g, f])}";
            case What.EndSoon:
                await fields.SetAsync(key, [(f, "e", TimeToLive.Milliseconds(1)), (g, value, TimeToLive.Unchanged)]);
                if (f != g) await Bounded.Until(async () => await fields.GetAsync(key, f) is null, $"{f} has ended");
                return "ended";
            case What.OthersWrite:
                return $"{await redis.HashSetAsync(key, f, Theirs(i)) || true}";
            case What.OthersDelete:
                return $"{await redis.HashDeleteAsync(key, [f]) >= 0}";
            case What.OthersDeleteHash:
                return $"{await redis.DeleteAsync(key) || true}";
            case What.Sweep:
                return $"{await fields.SweepAsync(key) >= 0}";
            default:
                return $"{await fields.ConvertAsync(key) >= 0}";
        }
    }

    private static async Task<string> StateAsync(IRedisClient redis, HashFields fields, string key)
    {
        Dictionary<string, string> all = await fields.GetAllAsync(key);
        FieldTimeToLive[] left = await fields.TimeToLiveAsync(key, [.. Names.Select(name => (RedisArgument)name)]);
        string?[] values = await fields.GetManyAsync(key, [.. Names.Select(name => (RedisArgument)name)]);
        // Servers remove what has run out a little later, and count it until then.
        await Bounded.Until(async () => await fields.CountAsync(key) == all.Count, "as many are counted as are there");
        if (all.Count == 0)
        {
            await Bounded.Until(
                async () =>
                {
                    await fields.SweepAsync(key);
                    return !await redis.ExistsAsync(key);
                },
                "an empty hash is gone");
        }

        return string.Join(" ", Names.Select((name, i) => $"{name}={values[i]}/{all.GetValueOrDefault(name)}/{(left[i].FieldExists ? Math.Ceiling((left[i].Left ?? TimeSpan.Zero).TotalHours) : -1)}"));
    }

    private static TimeToLive TimeOf(int time, int step) => (time % 6) switch
    {
        0 => TimeToLive.Forever,
        1 => TimeToLive.Unchanged,
        _ => EndOf(time, step),
    };

    // Hours that no step lasts; what is left is compared in hours, rounded up. Each step takes 20 s off, so that two steps never give
    // deadlines of which only the speed of the machine says whether they are equal or which is later.
    private static TimeToLive EndOf(int time, int step) =>
        time % 7 == 6 ? TimeToLive.At(DateTimeOffset.UnixEpoch.AddYears(40)) : TimeSpan.FromHours(1 + (time % 5)) - TimeSpan.FromSeconds(20 * step);

    private static Gen<Step> Steps() =>
        from what in Gen.Elements(Enum.GetValues<What>())
        from f in Gen.Elements(Names)
        from g in Gen.Elements(Names)
        from time in Gen.Choose(0, 41)
        from when in Gen.Elements(Enum.GetValues<ExpireWhen>())
        select new Step(what, f, g, time, when);

    // One value in 1,023 written by others cannot be told from ours (docs/hash-fields.md); these can.
    private static string Theirs(int i)
    {
        int[] ours = [.. Enumerable.Range(0, 60).Select(n => Mark("v" + n)), Mark("e")];
        for (int n = 0; ; n++)
        {
            string value = string.Create(CultureInfo.InvariantCulture, $"w{i}.{n}");
            if (!ours.Contains(Mark(value))) return value;
        }
    }

    private static int Mark(string value) =>
        (int)(Convert.ToInt64(Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(value)))[..7], 16) % 1023);

    private sealed record Step(What What, string F, string G, int Time, ExpireWhen When)
    {
        public override string ToString() => $"{What} {F} {G} {Time} {When}";
    }
}
