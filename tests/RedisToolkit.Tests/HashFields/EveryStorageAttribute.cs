using System.Reflection;
using Xunit.Sdk;

namespace RedisToolkit.Tests;

/// <summary>
/// Runs a theory with each client on each server, and on those that expire fields themselves also with the deadlines beside the hash: it
/// takes the <see cref="Target"/> and the <see cref="HashFieldStorage"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryStorageAttribute : DataAttribute
{
    /// <summary>Gets or sets a value indicating whether servers without field expiry are left out.</summary>
    public bool OnlyWhereServersExpireFields { get; set; }

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        from row in new EveryTargetAttribute().GetData(testMethod)
        let target = (Target)row[0]
        from storage in target.Flavor == RedisFlavor.Redis7 ? [HashFieldStorage.Automatic] : Enum.GetValues<HashFieldStorage>()
        where !OnlyWhereServersExpireFields || target.Flavor != RedisFlavor.Redis7
        select new object[] { target, storage };
}
