using System.Diagnostics.CodeAnalysis;

namespace RedisToolkit.Tests.HashRepositories;

// One entity as several versions of an application have it.
public sealed record AccountV1(string Name, int Points);

/// <summary>A field was renamed twice, one is new with a default, one may be null, one is gone.</summary>
public sealed record AccountV2([HashField("title", FormerNames = ["label", "name"])] string Title, [HashField(Default = 3)] int Level, bool Active = true, Guid Tenant = default, string? Note = null);

/// <summary>What is new is required.</summary>
public sealed record AccountV3(string Name, DateOnly Since);

/// <summary>Properties of every kind of setter, with values from the start.</summary>
public class SettersBase
{
    public string Inherited { get; init; } = "inherited";

    public virtual int Hidden { get; set; } = 1;
}

public sealed class Setters : SettersBase
{
    public required string Required { get; init; }

    public int Init { get; init; } = 10;

    public int Set { get; set; } = 20;

    public string Text { get; init; } = "text";

    public string? Maybe { get; init; } = "maybe";

    public override int Hidden { get; set; } = 2;

    [HashField(Default = Shelf.Back)]
    public Shelf Shelf { get; init; }

    [HashField(Default = "7.50")]
    public decimal Fee { get; init; }

    [HashField(Default = -0.5)]
    public double Ratio { get; set; }

    public int Computed => Init + Set;

    public int Secret { get; private set; } = 30;

    [HashIgnore]
    public object Ignored { get; set; } = new();

    public object AlsoIgnored { get; set; } = new();
}

/// <summary>Made by a constructor that sets what is required.</summary>
public sealed class Made
{
    public Made()
    {
    }

    [SetsRequiredMembers]
    public Made(string name, string @class = "none") => (Name, Class) = (name, @class);

    public required string Name { get; init; }

    public string Class { get; } = "";

    public string? Codec { get; set; }

    public string? PlainMadeHash { get; set; }

    public string? MadeHash { get; set; }
}

public sealed class Checked(int percent)
{
    public int Percent { get; } = percent <= 100 ? percent : throw new InvalidOperationException($"{percent} is s3cr3t");
}

[RedisHash(typeof(AccountV1), Name = "V1")]
[RedisHash(typeof(AccountV2), Name = "V2")]
[RedisHash(typeof(AccountV3), Name = "V3")]
[RedisHash(typeof(Setters), Ignore = ["AlsoIgnored"])]
[RedisHash(typeof(Made))]
[RedisHash(typeof(Checked))]
internal static partial class ShapeHashes;
