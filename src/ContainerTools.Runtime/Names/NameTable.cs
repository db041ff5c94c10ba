using System.Runtime.InteropServices;

namespace ContainerTools.Runtime.Names;

/// <summary>
/// Names and addresses of one network, in unmanaged memory: it is built anew whenever a name changes, and an idle monitor is to hold none of it. Names have the form
/// of <see cref="DnsQuery.Name"/>.
/// </summary>
internal sealed unsafe class NameTable : IDisposable
{
    private NativeList<Entry> entries;
    private NativeList<byte> names;
    private int* buckets;
    private uint mask;

    private struct Entry
    {
        public uint Hash;
        public int Next;

        // Where the name begins in the list of names.
        public int Name;
        public byte NameLength;
        public byte AddressLength;
        public bool IsPointer;
        public fixed byte Address[16];
    }

    /// <summary>Keeps a name for entries to be added; returns what to add them by.</summary>
    public int Keep(ReadOnlySpan<byte> name) => names.Append(name);

    /// <summary>Adds an address of a name; <paramref name="pointer"/>: a name of an address.</summary>
    public void Add(int kept, int nameLength, ReadOnlySpan<byte> address, bool pointer)
    {
        var entry = new Entry { Name = kept, NameLength = (byte)nameLength, AddressLength = (byte)address.Length, IsPointer = pointer };
        address.CopyTo(new Span<byte>(entry.Address, 16));
        entry.Hash = Hash(pointer ? address : names.Items.Slice(kept, nameLength));
        entries.Append(new ReadOnlySpan<Entry>(in entry));
    }

    /// <summary>Makes what was added findable; nothing can be added any more.</summary>
    public void Complete()
    {
        var size = 1u;
        while (size < entries.Count)
        {
            size *= 2;
        }

        mask = size - 1;
        buckets = (int*)NativeMemory.Alloc(size, sizeof(int));
        new Span<int>(buckets, (int)size).Fill(-1);
        var all = entries.Items;
        for (var index = all.Length - 1; index >= 0; index--)
        {
            ref var bucket = ref buckets[all[index].Hash & mask];
            all[index].Next = bucket;
            bucket = index;
        }
    }

    /// <summary>Goes to the next address of a name, or for <paramref name="pointer"/> to the next name of an address; -1 at the end.</summary>
    /// <param name="index">The one before; -1 to begin.</param>
    /// <param name="hash">The <see cref="Hash"/> of the key.</param>
    /// <param name="key">Name or address.</param>
    /// <param name="pointer">Whether the key is an address.</param>
    public int Next(int index, uint hash, ReadOnlySpan<byte> key, bool pointer)
    {
        if (buckets == null)
        {
            return -1;
        }

        var all = entries.Items;
        for (index = index < 0 ? buckets[hash & mask] : all[index].Next; index >= 0; index = all[index].Next)
        {
            if (all[index].Hash == hash && all[index].IsPointer == pointer && key.SequenceEqual(pointer ? Address(index) : Name(index)))
            {
                break;
            }
        }

        return index;
    }

    /// <summary>The address of an entry, 4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Address(int index)
    {
        ref var entry = ref entries.Items[index];
        fixed (byte* address = entry.Address)
        {
            return new ReadOnlySpan<byte>(address, entry.AddressLength);
        }
    }

    /// <summary>The name of an entry.</summary>
    public ReadOnlySpan<byte> Name(int index)
    {
        ref var entry = ref entries.Items[index];
        return names.Items.Slice(entry.Name, entry.NameLength);
    }

    /// <summary>FNV-1a.</summary>
    public static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = 2166136261u;
        foreach (var value in key)
        {
            hash = (hash ^ value) * 16777619;
        }

        return hash;
    }

    public void Dispose()
    {
        entries.Free();
        names.Free();
        NativeMemory.Free(buckets);
        buckets = null;
    }
}
