namespace RedisToolkit;

/// <summary>What must hold for fields to be written; all of them are, or none.</summary>
public enum SetFieldsWhen
{
    /// <summary>Nothing.</summary>
    Always,

    /// <summary>None of the fields is there (<c>FNX</c>).</summary>
    NoneExists,

    /// <summary>All of the fields are there (<c>FXX</c>).</summary>
    AllExist,
}
