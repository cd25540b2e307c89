namespace RedisToolkit.Client;

/// <summary>What must hold for a string to be written.</summary>
public enum SetWhen
{
    /// <summary>Nothing.</summary>
    Always,

    /// <summary>The key must not exist (<c>NX</c>).</summary>
    KeyIsMissing,

    /// <summary>The key must exist (<c>XX</c>).</summary>
    KeyExists,
}
