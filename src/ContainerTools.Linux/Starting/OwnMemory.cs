using System.Globalization;
using System.Runtime.CompilerServices;

namespace ContainerTools.Linux.Starting;

/// <summary>Parts of this process's memory that a child which lives on without executing anything had better not keep.</summary>
/// <param name="ArgumentsStart">Address of the command line, after which the environment lies.</param>
/// <param name="ArgumentsLength">Bytes of both.</param>
/// <param name="HeapStart">Address of the managed heap's youngest part.</param>
/// <param name="HeapLength">Its bytes.</param>
public readonly record struct OwnMemory(ulong ArgumentsStart, long ArgumentsLength, ulong HeapStart, long HeapLength)
{
    private const int FirstField = 3;
    private const int ArgumentsStartField = 48;
    private const int EnvironmentEndField = 51;

    /// <summary>Asks the kernel (proc_pid_stat(5), proc_pid_maps(5)).</summary>
    public static unsafe OwnMemory Find()
    {
        string text = File.ReadAllText("/proc/self/stat");
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        ulong start = ulong.Parse(fields[ArgumentsStartField - FirstField], CultureInfo.InvariantCulture);
        ulong end = ulong.Parse(fields[EnvironmentEndField - FirstField], CultureInfo.InvariantCulture);
        object young = new();
        ulong address = *(ulong*)Unsafe.AsPointer(ref young);
        (ulong First, ulong Last) heap = default;
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            ulong first = ulong.Parse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ulong last = ulong.Parse(line.AsSpan((dash + 1)..space), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (address >= first && address < last)
            {
                heap = (first, last);
            }
            else if (heap.Last == first && line.AsSpan(space + 1).StartsWith("---p", StringComparison.Ordinal))
            {
                // Reserved for the heap, which may grow into it before the child is cloned.
                heap.Last = last;
                break;
            }
        }

        return new OwnMemory(start, (long)(end - start), heap.First, (long)(heap.Last - heap.First));
    }
}
