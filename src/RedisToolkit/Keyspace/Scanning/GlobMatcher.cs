namespace RedisToolkit;

/// <summary>Matches as the servers do, for what must be known on this side: whether a new name would be found again, and which sampled keys count.</summary>
internal sealed class GlobMatcher
{
    private const int AnyNumber = -1;
    private const int AnyOne = -2;

    // A byte, one of the marks above, or for a class of bytes -3 and below: its place in _classes.
    private const int FirstClass = -3;
    private readonly List<int> _tokens = [];
    private readonly List<bool[]> _classes = [];

    public GlobMatcher(ReadOnlySpan<byte> pattern)
    {
        int at = 0;
        while (at < pattern.Length)
        {
            byte b = pattern[at++];
            switch (b)
            {
                case (byte)'*':
                    if (_tokens is not [.., AnyNumber]) _tokens.Add(AnyNumber);
                    break;
                case (byte)'?':
                    _tokens.Add(AnyOne);
                    break;
                case (byte)'[':
                    _tokens.Add(FirstClass - _classes.Count);
                    _classes.Add(ReadClass(pattern, ref at));
                    break;
                default:
                    // A backslash at the very end stands for itself.
                    _tokens.Add(b == '\\' && at < pattern.Length ? pattern[at++] : b);
                    break;
            }
        }
    }

    /// <summary>Gets a value indicating whether the pattern says anything definite: one byte that must be there.</summary>
    public bool HasLiteral => _tokens.Exists(static token => token >= 0);

    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        int token = 0, at = 0;
        // Where the last star was, and up to where it has swallowed: on a mismatch it swallows one byte more.
        int star = -1, swallowed = 0;
        while (at < text.Length)
        {
            if (token < _tokens.Count && _tokens[token] == AnyNumber)
            {
                star = token++;
                swallowed = at;
            }
            else if (token < _tokens.Count && Fits(_tokens[token], text[at]))
            {
                token++;
                at++;
            }
            else if (star >= 0)
            {
                token = star + 1;
                at = ++swallowed;
            }
            else
            {
                return false;
            }
        }

        while (token < _tokens.Count && _tokens[token] == AnyNumber) token++;
        return token == _tokens.Count;
    }

    private bool Fits(int token, byte b) => token switch
    {
        AnyOne => true,
        >= 0 => token == b,
        _ => _classes[FirstClass - token][b],
    };

    // As the servers read it, their leniencies included: a class without an end ends with the pattern, and "[a-]" is a range up to ']'.
    private static bool[] ReadClass(ReadOnlySpan<byte> pattern, ref int at)
    {
        bool[] members = new bool[256];
        bool negated = at < pattern.Length && pattern[at] == '^';
        if (negated) at++;
        while (at < pattern.Length)
        {
            byte b = pattern[at];
            if (b == '\\' && at + 1 < pattern.Length)
            {
                members[pattern[at + 1]] = true;
                at += 2;
            }
            else if (b == ']')
            {
                at++;
                break;
            }
            else if (at + 2 < pattern.Length && pattern[at + 1] == '-')
            {
                byte end = pattern[at + 2];
                for (int i = Math.Min(b, end); i <= Math.Max(b, end); i++) members[i] = true;
                at += 3;
            }
            else
            {
                members[b] = true;
                at++;
            }
        }

        if (negated) for (int i = 0; i < members.Length; i++) members[i] = !members[i];
        return members;
    }
}
