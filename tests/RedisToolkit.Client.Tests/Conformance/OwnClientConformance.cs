namespace RedisToolkit.Client.Tests.Conformance;

// The suites on our own client, and those where the protocol shows in both versions of it.
public sealed class Batches() : BatchTests(new OwnClient());

public sealed class BinarySafety() : BinarySafetyTests(new OwnClient());

public sealed class Blocking() : BlockingTests(new OwnClient());

public sealed class Capabilities() : CapabilityTests(new OwnClient());

public sealed class Concurrency() : ConcurrencyTests(new OwnClient());

public sealed class Deadlines() : DeadlineTests(new OwnClient());

public sealed class Disposal() : DisposalTests(new OwnClient());

public sealed class Errors() : ErrorTests(new OwnClient());

public sealed class ReplyShapes() : ReplyShapeTests(new OwnClient());

public sealed class ReplyShapesInResp2() : ReplyShapeTests(new OwnClient(RespProtocol.Resp2));

public sealed class Scripts() : ScriptTests(new OwnClient());

public sealed class Streaming() : StreamingTests(new OwnClient());

public sealed class Subscriptions() : SubscriptionTests(new OwnClient());

public sealed class SubscriptionsInResp2() : SubscriptionTests(new OwnClient(RespProtocol.Resp2));

public sealed class Tracking() : TrackingTests(new OwnClient());

public sealed class Transactions() : TransactionTests(new OwnClient());

public sealed class TransactionsInResp2() : TransactionTests(new OwnClient(RespProtocol.Resp2));

public sealed class TypedCommands() : TypedCommandTests(new OwnClient());

public sealed class TypedCommandsInResp2() : TypedCommandTests(new OwnClient(RespProtocol.Resp2));

/// <summary>Nothing was forgotten.</summary>
public sealed class OwnClientConformance
{
    [Fact]
    public void Every_suite_is_run() => Assert.Empty(Completeness.SuitesNotRunIn(typeof(OwnClientConformance).Assembly));

    [Fact]
    public void Every_limit_is_shown_by_a_test() => Assert.Empty(Completeness.LimitsNotShown());
}
