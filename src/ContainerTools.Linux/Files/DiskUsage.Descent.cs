using System.Text;

namespace ContainerTools.Linux;

/// <content>
/// The way through a tree. One that a container made may be deeper than there are descriptors: of a long way down only the last directories stay open, and the way back
/// up goes by <c>..</c>.
/// </content>
public sealed unsafe partial class DiskUsage
{
    private const int MostOpen = 64;

    private void Descend(int parent, byte[] name)
    {
        var levels = new List<Level>();
        try
        {
            Enter(levels, parent, name);
            while (levels.Count > 0)
            {
                if (levels[^1].Directories.TryPop(out var next))
                {
                    Enter(levels, levels[^1].Descriptor, next);
                }
                else
                {
                    Leave(levels);
                }
            }
        }
        finally
        {
            levels.ForEach(level => level.Close());
        }
    }

    private void Enter(List<Level> levels, int parent, byte[] name)
    {
        if (TryOpen(parent, name.Length == 1 ? ".\0"u8 : name) is not { } descriptor)
        {
            return;
        }

        var level = new Level(descriptor, InodeOf(descriptor));
        levels.Add(level);
        AddEntries(level);
        if (levels.Count > MostOpen)
        {
            levels[^(MostOpen + 1)].Close();
        }
    }

    private void Leave(List<Level> levels)
    {
        var level = levels[^1];
        levels.RemoveAt(levels.Count - 1);
        if (levels.Count > 0 && levels[^1] is { Descriptor: < 0 } above)
        {
            Reopen(above, level.Descriptor);
        }

        level.Close();
    }

    private void Reopen(Level level, int below)
    {
        if (below >= 0 && TryOpen(below, "..\0"u8) is { } descriptor)
        {
            level.Descriptor = descriptor;
            if (InodeOf(descriptor) == level.Inode)
            {
                return;
            }

            level.Close();
        }

        // Somebody has moved what is below it: the rest of it cannot be found from here.
        level.Directories.Clear();
    }

    /// <summary>Counts what is in a directory, and notes the directories among it.</summary>
    private void AddEntries(Level level)
    {
        const int LengthOffset = 16;
        const int NameOffset = 19;
        nint count;
        while ((count = FileCalls.GetEntries(level.Descriptor, _entries, BufferSize)) > 0)
        {
            for (var entry = _entries; entry < _entries + count; entry += *(ushort*)(entry + LengthOffset))
            {
                var name = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && AddEntry(level.Descriptor, entry + NameOffset) == FileKind.Directory)
                {
                    level.Directories.Push(new ReadOnlySpan<byte>(entry + NameOffset, name.Length + 1).ToArray());
                }
            }
        }

        // A directory that was removed while it was open has nothing in it any more.
        if (count < 0 && LinuxError.Last != LinuxError.NotFound)
        {
            throw LinuxException.FromLastError("getdents64", $"inode {level.Inode}");
        }
    }

    /// <summary>Null when it is gone, or another kind of thing by now.</summary>
    private static int? TryOpen(int parent, ReadOnlySpan<byte> terminatedName)
    {
        fixed (byte* start = terminatedName)
        {
            var descriptor = FileCalls.OpenAt(parent, start, FileCalls.ReadOnly | FileCalls.Directory | FileCalls.NoFollow | FileCalls.CloseOnExec, 0);
            return descriptor >= 0
                ? descriptor
                : LinuxError.Last is LinuxError.NotFound or LinuxError.NotDirectory or LinuxError.Loop
                    ? null
                    : throw LinuxException.FromLastError("openat", Encoding.UTF8.GetString(terminatedName[..^1]));
        }
    }

    private ulong InodeOf(int descriptor)
    {
        const uint Inode = 0x100;
        byte empty = 0;
        return FileCalls.Status(descriptor, &empty, FileCalls.AtEmptyPath, Inode, _status) == 0 ? *(ulong*)(_status + 32) : throw LinuxException.FromLastError("statx", ".");
    }

    private sealed class Level(int descriptor, ulong inode)
    {
        public int Descriptor { get; set; } = descriptor;

        public ulong Inode { get; } = inode;

        public Stack<byte[]> Directories { get; } = [];

        public void Close()
        {
            if (Descriptor >= 0)
            {
                _ = FileCalls.Close(Descriptor);
                Descriptor = -1;
            }
        }
    }
}
