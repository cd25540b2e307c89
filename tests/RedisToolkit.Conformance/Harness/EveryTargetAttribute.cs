using System.Reflection;
using RedisToolkit.Testing;
using Xunit.Sdk;

namespace RedisToolkit.Conformance;

/// <summary>Runs a theory once with each client on each server: it takes the <see cref="Target"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryTargetAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        from client in new[] { nameof(OwnClient), nameof(AdapterClient) }
        from flavor in Enum.GetValues<RedisFlavor>()
        select new object[] { new Target(client, flavor) };
}
