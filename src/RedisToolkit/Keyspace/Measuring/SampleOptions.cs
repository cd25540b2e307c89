namespace RedisToolkit;

/// <summary>How keys are counted or weighed by looking at some of them. Make variants with <c>with</c>.</summary>
public sealed record SampleOptions
{
    /// <summary>Gets how many keys are drawn at random, each from all keys of the database.</summary>
    /// <value>100 to 1,000,000; 10,000 unless set. A database of at most twice as many is scanned as a whole, and the result is exact.</value>
    public int SampleSize { get; init; } = 10_000;

    /// <summary>Gets how often, of many estimates, the true figure is to lie within the bounds.</summary>
    /// <value>0.5 to 0.999999; 0.95 unless set.</value>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Gets a value indicating whether every key is looked at instead, however many there are.</summary>
    /// <value>False unless set.</value>
    public bool Exact { get; init; }

    /// <summary>Gets how many elements of a list, hash, set or sorted set the server weighs to tell the memory of all of it.</summary>
    /// <value>0 (all of them, which holds up the server on a large one) to 10,000; 5 unless set.</value>
    public int ElementSamples { get; init; } = 5;

    internal SampleOptions Validated()
    {
        WorkRange.Require(SampleSize, 100, 1_000_000, nameof(SampleSize));
        WorkRange.Require(Confidence, 0.5, 0.999999, nameof(Confidence));
        WorkRange.Require(ElementSamples, 0, 10_000, nameof(ElementSamples));
        return this;
    }
}
