namespace RedisToolkit;

/// <summary>What became of one field; the numbers are those of the servers' replies to <c>HPEXPIRE</c> and <c>HPERSIST</c>.</summary>
public enum FieldOutcome
{
    /// <summary>The hash has no such field, or its time has run out.</summary>
    NoSuchField = -2,

    /// <summary>The field has no time to live that could be taken away.</summary>
    HadNone = -1,

    /// <summary>The condition did not hold; the field is as it was.</summary>
    ConditionNotMet = 0,

    /// <summary>It was done.</summary>
    Done = 1,

    /// <summary>The instant given had passed, and the field was deleted.</summary>
    Deleted = 2,
}
