using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace RedisToolkit.Generators;

/// <summary>Elements that are compared one by one, so that the compiler notices when nothing has changed.</summary>
internal readonly struct EquatableArray<T>(IEnumerable<T> elements) : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    private readonly T[]? _elements = elements.ToArray();

    public int Count => Elements.Length;

    private T[] Elements => _elements ?? Array.Empty<T>();

    public T this[int index] => Elements[index];

    public bool Equals(EquatableArray<T> other) => Elements.SequenceEqual(other.Elements);

    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        int hash = 17;
        foreach (T element in Elements) hash = unchecked((hash * 31) + (element?.GetHashCode() ?? 0));
        return hash;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
