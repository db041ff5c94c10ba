using System.Runtime.InteropServices;
using ContainerTools.Runtime.Monitoring;
using ContainerTools.Runtime.Sockets;

namespace ContainerTools.Runtime.Names;

/// <summary>Reads the name files of a network's directory; see <see cref="Oci.Monitoring.NamedNetwork"/>.</summary>
internal static unsafe partial class NameFiles
{
    // A file has one line for each name of a container: hundreds of names. What is larger is none of ours.
    private const int LongestFile = 32 * 1024;
    private const int EntriesSize = 8 * 1024;

    // An endpoint has one address of each family; more are read, but not any number.
    private const int MostAddresses = 16;

    /// <summary>Fills a table from all files of a directory; a file that goes meanwhile is passed over, as is a line that is not understood.</summary>
    /// <param name="path">The directory's path with a NUL at its end; when it is not there, nothing is read.</param>
    /// <param name="table">The table.</param>
    public static void Read(byte[] path, NameTable table)
    {
        int directory;
        fixed (byte* pointer = path)
        {
            directory = openat(-100, pointer, Native.ReadOnly | Native.CloseOnExec, 0);
        }

        if (directory < 0)
        {
            return;
        }

        var memory = (byte*)NativeMemory.Alloc(EntriesSize + LongestFile);
        for (nint size; (size = getdents64(directory, memory, EntriesSize)) > 0;)
        {
            // struct linux_dirent64: the record's length at 16, the name at 19.
            for (var record = memory; record < memory + size; record += *(ushort*)(record + 16))
            {
                var name = record + 19;
                if (*name != '.')
                {
                    ReadFile(directory, name, memory + EntriesSize, table);
                }
            }
        }

        NativeMemory.Free(memory);
        Native.Close(directory);
    }

    private static void ReadFile(int directory, byte* name, byte* buffer, NameTable table)
    {
        // Whatever lies there, opening it must not wait.
        var file = openat(directory, name, Native.ReadOnly | Native.CloseOnExec | Native.NonBlocking, 0);
        if (file < 0)
        {
            return;
        }

        var size = Native.Read(file, buffer, LongestFile);
        Native.Close(file);
        if (size is > 0 and < LongestFile)
        {
            Parse(new Span<byte>(buffer, (int)size), table);
        }
    }

    /// <summary>Takes the lines of one file.</summary>
    public static void Parse(ReadOnlySpan<byte> text, NameTable table)
    {
        Span<byte> addresses = stackalloc byte[MostAddresses * 16];
        Span<int> lengths = stackalloc int[MostAddresses];
        var count = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (count < MostAddresses && text[range].StartsWith("address "u8))
            {
                lengths[count] = InternetEndpoint.TryReadAddress(text[range][8..].Trim((byte)' '), addresses.Slice(count * 16, 16));
                count += lengths[count] > 0 ? 1 : 0;
            }
        }

        Span<byte> name = stackalloc byte[DnsQuery.LongestName];
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var pointer = line.StartsWith("pointer "u8);
            if (!pointer && !line.StartsWith("name "u8))
            {
                continue;
            }

            var length = DnsName.Encode(line[(pointer ? 8 : 5)..].Trim((byte)' '), name);
            var kept = table.Keep(name[..length]);
            for (var index = 0; index < count && length > 0; index++)
            {
                table.Add(kept, length, addresses.Slice(index * 16, lengths[index]), pointer);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int openat(int directory, byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial nint getdents64(int directory, byte* buffer, nuint size);
}
