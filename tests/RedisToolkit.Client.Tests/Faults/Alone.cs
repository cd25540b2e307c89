namespace RedisToolkit.Client.Tests.Faults;

/// <summary>Tests that take threads or processor time away from everybody in this process: nothing runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
