namespace RedisToolkit.StackExchangeRedis.Tests.Conformance;

// The suites that our own client passes too.
public sealed class Batches() : RedisToolkit.Conformance.BatchTests(new AdapterClient());

public sealed class BinarySafety() : RedisToolkit.Conformance.BinarySafetyTests(new AdapterClient());

public sealed class Blocking() : RedisToolkit.Conformance.BlockingTests(new AdapterClient());

public sealed class Capabilities() : RedisToolkit.Conformance.CapabilityTests(new AdapterClient());

public sealed class Concurrency() : RedisToolkit.Conformance.ConcurrencyTests(new AdapterClient());

public sealed class Deadlines() : RedisToolkit.Conformance.DeadlineTests(new AdapterClient());

public sealed class Disposal() : RedisToolkit.Conformance.DisposalTests(new AdapterClient());

public sealed class Errors() : RedisToolkit.Conformance.ErrorTests(new AdapterClient());

public sealed class ReplyShapes() : RedisToolkit.Conformance.ReplyShapeTests(new AdapterClient());

public sealed class Scripts() : RedisToolkit.Conformance.ScriptTests(new AdapterClient());

public sealed class Streaming() : RedisToolkit.Conformance.StreamingTests(new AdapterClient());

public sealed class Subscriptions() : RedisToolkit.Conformance.SubscriptionTests(new AdapterClient());

public sealed class Tracking() : RedisToolkit.Conformance.TrackingTests(new AdapterClient());

public sealed class Transactions() : RedisToolkit.Conformance.TransactionTests(new AdapterClient());

public sealed class TypedCommands() : RedisToolkit.Conformance.TypedCommandTests(new AdapterClient());

/// <summary>Nothing was forgotten.</summary>
public sealed class AdapterConformance
{
    [Fact]
    public void Every_suite_is_run() => Assert.Empty(Completeness.SuitesNotRunIn(typeof(AdapterConformance).Assembly));
}
