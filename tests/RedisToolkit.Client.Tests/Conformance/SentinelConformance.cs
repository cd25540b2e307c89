namespace RedisToolkit.Client.Tests.Conformance;

// The suites on our own client with sentinels: what a caller sees is the same.
public sealed class BatchesThroughSentinels() : BatchTests(new SentinelClient());

public sealed class BlockingThroughSentinels() : BlockingTests(new SentinelClient());

public sealed class CapabilitiesThroughSentinels() : CapabilityTests(new SentinelClient());

public sealed class ConcurrencyThroughSentinels() : ConcurrencyTests(new SentinelClient());

public sealed class DeadlinesThroughSentinels() : DeadlineTests(new SentinelClient());

public sealed class DisposalThroughSentinels() : DisposalTests(new SentinelClient());

public sealed class ErrorsThroughSentinels() : ErrorTests(new SentinelClient());

public sealed class ReplyShapesThroughSentinels() : ReplyShapeTests(new SentinelClient());

public sealed class ScriptsThroughSentinels() : ScriptTests(new SentinelClient());

public sealed class StreamingThroughSentinels() : StreamingTests(new SentinelClient());

public sealed class SubscriptionsThroughSentinels() : SubscriptionTests(new SentinelClient());

public sealed class TrackingThroughSentinels() : TrackingTests(new SentinelClient());

public sealed class TransactionsThroughSentinels() : TransactionTests(new SentinelClient());

public sealed class TypedCommandsThroughSentinels() : TypedCommandTests(new SentinelClient());
