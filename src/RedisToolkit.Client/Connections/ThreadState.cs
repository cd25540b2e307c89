namespace RedisToolkit.Client;

/// <summary>
/// What the engine keeps for each thread, behind one thread-local reference: every such reference costs a look-up, and one of a
/// generic type costs several.
/// </summary>
internal sealed class ThreadState
{
    [ThreadStatic]
    private static ThreadState? t_current;

    private ReplyPool.Stack[] _stacks = [];

    public static ThreadState Current => t_current ??= new ThreadState();

    /// <summary>Gets or sets the resumer whose callers this thread is resuming just now.</summary>
    public CallerResumer? Resuming { get; set; }

    /// <summary>Gets this thread's unused objects of one pool.</summary>
    public ref ReplyPool.Stack Unused(int pool)
    {
        if (pool >= _stacks.Length) Array.Resize(ref _stacks, pool + 8);
        return ref _stacks[pool];
    }
}
