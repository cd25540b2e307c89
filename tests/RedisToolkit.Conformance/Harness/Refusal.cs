namespace RedisToolkit.Conformance;

/// <summary>How a client says that it cannot do something.</summary>
/// <param name="Exception">The exact type of what it throws.</param>
/// <param name="Names">What the message has to name: what to use in place.</param>
public sealed record Refusal(Type Exception, string Names);
