using System.IO.Compression;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>Whether, when and how values are compressed. Whatever is chosen, values that were stored with another choice stay readable.</summary>
public sealed record ValueCompression
{
    /// <summary>Gets the choice not to compress.</summary>
    public static ValueCompression None { get; } = new();

    /// <summary>Gets Brotli with its defaults: the smaller result.</summary>
    public static ValueCompression Brotli { get; } = new() { Method = CompressionMethod.Brotli };

    /// <summary>Gets Deflate with its defaults: known everywhere.</summary>
    public static ValueCompression Deflate { get; } = new() { Method = CompressionMethod.Deflate };

    /// <summary>Gets how.</summary>
    /// <value><see cref="CompressionMethod.None"/> unless set.</value>
    public CompressionMethod Method { get; init; }

    /// <summary>Gets how much time is spent for a smaller result.</summary>
    /// <value><see cref="CompressionLevel.Fastest"/> unless set; <see cref="CompressionLevel.SmallestSize"/> is slower by far.</value>
    public CompressionLevel Level { get; init; } = CompressionLevel.Fastest;

    /// <summary>Gets from how many bytes on it is tried. A result that is not smaller by a sixteenth is not used.</summary>
    /// <value>1 B to 512 MiB; 1 KiB unless set: below, there is little to gain.</value>
    public int MinBytes { get; init; } = 1024;

    /// <summary>Gets how long a value may be before compression. A longer one is not written, and one that would grow longer is not decompressed.</summary>
    /// <value>1 B to 512 MiB; 16 MiB unless set.</value>
    public int MaxBytes { get; init; } = ValueLimits.UsualBytes;

    internal ValueCompression Validated()
    {
        var faults = new OptionFaults();
        AddFaults(faults);
        faults.ThrowIfAny(nameof(ValueCompression));
        return this;
    }

    internal void AddFaults(OptionFaults faults, string within = "")
    {
        faults.Defined(Method, within + nameof(Method));
        faults.Defined(Level, within + nameof(Level));
        faults.InRange(MinBytes, 1, ValueLimits.MostBytes, within + nameof(MinBytes));
        faults.InRange(MaxBytes, 1, ValueLimits.MostBytes, within + nameof(MaxBytes));
    }
}
