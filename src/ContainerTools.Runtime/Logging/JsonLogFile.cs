using ContainerTools.Linux;
using ContainerTools.Oci.Monitoring;
using ContainerTools.Runtime.Monitoring;

namespace ContainerTools.Runtime.Logging;

/// <summary>A rotated log file: takes whole records and never splits one between two files. A full disk loses records, never the container.</summary>
internal sealed class JsonLogFile : IDisposable
{
    private const uint Mode = 0x1a0; // 0640
    private readonly LogSpec spec;
    private int descriptor = -1;
    private long size;

    public JsonLogFile(LogSpec spec)
    {
        this.spec = spec;
        Directory.CreateDirectory(Path.GetDirectoryName(spec.Path)!);
        Open();
    }

    /// <summary>Room left in the newest file; records beyond it belong into the next one.</summary>
    public long Room => spec.MaximumSize - size;

    /// <summary>Bytes in the newest file.</summary>
    public long Size => size;

    /// <summary>Appends complete records.</summary>
    public void Append(ReadOnlySpan<byte> records)
    {
        if (descriptor < 0)
        {
            TryReopen();
        }

        if (records.IsEmpty || descriptor < 0)
        {
            return;
        }

        if (Native.WriteAll(descriptor, records) == 0)
        {
            size += records.Length;
        }
        else
        {
            // Half a record would spoil the next one.
            Native.SetLength(descriptor, size);
        }
    }

    /// <summary>Starts a new file: PATH becomes PATH.1, PATH.1 becomes PATH.2, and the oldest goes.</summary>
    public void Rotate()
    {
        Native.Close(descriptor);
        descriptor = -1;
        if (spec.MaximumFiles <= 1)
        {
            _ = Native.Unlink(spec.Path);
        }
        else
        {
            for (var number = spec.MaximumFiles - 2; number >= 0; number--)
            {
                _ = Native.Rename(Name(number), Name(number + 1));
            }
        }

        TryReopen();
    }

    public void Dispose()
    {
        Native.Close(descriptor);
        descriptor = -1;
    }

    private string Name(int number) => number == 0 ? spec.Path : $"{spec.Path}.{number.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    private void TryReopen()
    {
        try
        {
            Open();
        }
        catch (LinuxException)
        {
            // No descriptor or no space left for the moment: the next record tries again.
            size = 0;
        }
    }

    private void Open()
    {
        descriptor = Native.OpenOrThrow(spec.Path, Native.ReadWrite | Native.Create | Native.Append, Mode);
        size = Native.Length(descriptor);
        if (size > 0 && !EndsWithNewline())
        {
            // A killed monitor left half a record: close its line, so that it spoils no other.
            if (Native.WriteAll(descriptor, "\n"u8) == 0)
            {
                size++;
            }
        }
    }

    private bool EndsWithNewline() => Native.ByteAt(descriptor, size - 1) is null or (byte)'\n';
}
