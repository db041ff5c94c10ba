using System.Runtime.InteropServices;

namespace ContainerTools.Runtime.Names;

/// <summary>A growing array in unmanaged memory, which is given back when it is freed and not when a collector comes round.</summary>
internal unsafe struct NativeList<T>
    where T : unmanaged
{
    private T* start;
    private int capacity;

    public int Count { get; private set; }

    public readonly Span<T> Items => new(start, Count);

    /// <summary>Appends items; returns the index of the first.</summary>
    public int Append(ReadOnlySpan<T> items)
    {
        var first = Count;
        Count += items.Length;
        if (Count > capacity)
        {
            capacity = Math.Max(Count, Math.Max(64, capacity * 2));
            start = (T*)NativeMemory.Realloc(start, (nuint)capacity * (nuint)sizeof(T));
        }

        items.CopyTo(Items[first..]);
        return first;
    }

    public void Free()
    {
        NativeMemory.Free(start);
        this = default;
    }
}
