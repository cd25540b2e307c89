using System.Reflection;
using RedisToolkit.Testing;
using Xunit.Sdk;

namespace RedisToolkit.Conformance;

/// <summary>Runs a theory once on each server that is supported: it takes the <see cref="RedisFlavor"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryServerAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<RedisFlavor>().Select(flavor => new object[] { flavor });
}
