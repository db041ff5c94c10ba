using System.Text;

namespace ContainerTools.Linux;

/// <summary>An open regular file. Not thread-safe.</summary>
public sealed unsafe class FileDescriptor : IDisposable
{
    private readonly string _name;
    private int _fd;
    private bool _locked;

    internal FileDescriptor(int fd, string name) => (_fd, _name) = (fd, name);

    /// <summary>The descriptor's number.</summary>
    public int Number => _fd;

    /// <summary>Reads up to <paramref name="buffer"/>'s length; 0 at the end.</summary>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = FileCalls.Read(_fd, start, (nuint)buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (LinuxError.Last != LinuxError.Interrupted)
                {
                    throw LinuxException.FromLastError("read", _name);
                }
            }
        }
    }

    /// <summary>Writes all of <paramref name="content"/>.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            var done = 0;
            while (done < content.Length)
            {
                var count = FileCalls.Write(_fd, start + done, (nuint)(content.Length - done));
                if (count < 0)
                {
                    if (LinuxError.Last == LinuxError.Interrupted)
                    {
                        continue;
                    }

                    throw LinuxException.FromLastError("write", _name);
                }

                done += (int)count;
            }
        }
    }

    /// <summary>Leaves a hole of <paramref name="count"/> bytes at the end of what is written.</summary>
    public void Skip(long count)
    {
        const int FromCurrent = 1;
        Check(FileCalls.Seek(_fd, count, FromCurrent) < 0, "lseek");
    }

    /// <summary>Sets the file's length.</summary>
    public void SetLength(long length) => Check(FileCalls.Truncate(_fd, length) != 0, "ftruncate");

    /// <summary>Sets owner and group (which clears set-id bits and capabilities).</summary>
    public void SetOwner(uint owner, uint group) => Check(FileCalls.ChangeOwner(_fd, owner, group) != 0, "fchown");

    /// <summary>Sets permission, set-id and sticky bits.</summary>
    public void SetMode(int mode) => Check(FileCalls.ChangeMode(_fd, (uint)mode) != 0, "fchmod");

    /// <summary>Sets access and modification time.</summary>
    public void SetTime(FileTime time)
    {
        var times = stackalloc long[4] { time.Seconds, time.Nanoseconds, time.Seconds, time.Nanoseconds };
        Check(FileCalls.ChangeTimes(_fd, times) != 0, "futimens");
    }

    /// <summary>Forces content and metadata to the disk.</summary>
    public void Sync() => Check(FileCalls.Sync(_fd) != 0, "fsync");

    /// <summary>Starts writing a range to the disk without waiting (sync_file_range(2)): a later sync finds less to do. No promise that it is there.</summary>
    public static void StartWriting(Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, long count)
    {
        const uint Write = 2;
        _ = FileCalls.SyncRange((int)file.DangerousGetHandle(), offset, count, Write);
    }

    /// <summary>Takes the exclusive lock (flock(2)) if nobody holds one.</summary>
    public bool TryLock()
    {
        if (FileCalls.Lock(_fd, FileCalls.LockExclusive | FileCalls.LockNonBlocking) == 0)
        {
            return _locked = true;
        }

        Check(LinuxError.Last != LinuxError.WouldBlock, "flock");
        return false;
    }

    /// <summary>What the file is.</summary>
    public FileStatus GetStatus()
    {
        const uint BasicStatus = 0x7ff;
        var empty = stackalloc byte[1];
        var result = stackalloc byte[256];
        empty[0] = 0;
        Check(FileCalls.Status(_fd, empty, FileCalls.AtEmptyPath, BasicStatus, result) != 0, "statx");
        return FileStatus.From(new ReadOnlySpan<byte>(result, 256));
    }

    /// <summary>Opens or makes a file by path; it is not inherited by programs started later.</summary>
    public static FileDescriptor OpenOrCreate(string path, int mode)
    {
        const int CurrentDirectory = -100;
        const int ReadWrite = 2;
        var bytes = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* start = bytes)
        {
            var fd = FileCalls.OpenAt(CurrentDirectory, start, ReadWrite | FileCalls.Create | FileCalls.CloseOnExec | FileCalls.NoFollow, (uint)mode);
            return fd >= 0 ? new FileDescriptor(fd, path) : throw LinuxException.FromLastError("open", path);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (_fd >= 0)
        {
            FileCalls.Close(_fd, _locked);
            _fd = -1;
        }
    }

    private void Check(bool failed, string call)
    {
        if (failed)
        {
            throw LinuxException.FromLastError(call, _name);
        }
    }
}
