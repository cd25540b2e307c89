using System.Text;

namespace RedisToolkit.Generators;

/// <summary>Lines of code in blocks, the same on every machine.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length > 0) _text.Append(' ', _depth * 4).Append(line);
        _text.Append('\n');
    }

    public void Open(string line)
    {
        Line(line);
        Line("{");
        _depth++;
    }

    public void Close()
    {
        _depth--;
        Line("}");
    }

    public void CloseAll()
    {
        while (_depth > 0) Close();
    }

    public override string ToString() => _text.ToString();
}
