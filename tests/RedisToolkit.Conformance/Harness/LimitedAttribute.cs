using System.Reflection;
using Xunit.Sdk;

namespace RedisToolkit.Conformance;

/// <summary>
/// Marks a test that shows a <see cref="Conformance.Limit"/>: the behaviour of a client that has it, and of one that has not. A test
/// that carries the mark and does not ask <see cref="ConformanceTests.IsLimited"/> fails, and so does one that asks without it.
/// </summary>
/// <param name="limit">The limit.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LimitedAttribute(Limit limit) : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<LimitedAttribute?> Running = new();
    private bool _wasAsked;

    /// <summary>Gets the limit.</summary>
    public Limit Limit { get; } = limit;

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest)
    {
        _wasAsked = false;
        Running.Value = this;
    }

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest)
    {
        Running.Value = null;
        Assert.True(_wasAsked, $"{methodUnderTest.Name} is marked as showing {Limit}, but never asks whether the client is limited so.");
    }

    internal static void Ask(Limit limit)
    {
        LimitedAttribute? running = Running.Value;
        Assert.True(running?.Limit == limit, $"Mark the test with [Limited(Limit.{limit})]: it depends on it.");
        running!._wasAsked = true;
    }
}
