namespace RedisToolkit.Client;

/// <summary>Which of its named conditions a <see cref="Condition"/> is.</summary>
internal enum ConditionKind
{
    /// <summary>A command and a test of the caller's own.</summary>
    Other,

    /// <summary><see cref="Condition.KeyExists"/>.</summary>
    KeyExists,

    /// <summary><see cref="Condition.KeyNotExists"/>.</summary>
    KeyNotExists,

    /// <summary><see cref="Condition.StringEquals"/>.</summary>
    StringEquals,

    /// <summary><see cref="Condition.HashEquals"/>.</summary>
    HashEquals,

    /// <summary><see cref="Condition.HashFieldExists"/>.</summary>
    HashFieldExists,

    /// <summary><see cref="Condition.HashFieldNotExists"/>.</summary>
    HashFieldNotExists,
}
