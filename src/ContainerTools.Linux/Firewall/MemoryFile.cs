using System.Text;
using ContainerTools.Linux.Processes;
using ContainerTools.Linux.Starting;
using Microsoft.Win32.SafeHandles;

namespace ContainerTools.Linux.Firewall;

/// <summary>A file in memory (memfd_create(2)) that hands text to nftables or takes it, without pipes: nobody waits for the other side.</summary>
internal sealed unsafe class MemoryFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    /// <summary>Makes a file. Throws <see cref="LinuxException"/>.</summary>
    public MemoryFile(string text = "")
    {
        const long closeOnExec = 1;
        fixed (byte* name = "nftables\0"u8)
        {
            using SafeFileHandle file = new((nint)KernelCall.Require(SystemCall.MemfdCreate, null, (long)name, closeOnExec), ownsHandle: true);

            // Above 2, so that giving it to a program as 0, 1 or 2 overwrites no other.
            _handle = Descriptor.Duplicate((int)file.DangerousGetHandle(), 3);
        }

        RandomAccess.Write(_handle, Encoding.UTF8.GetBytes(text), 0);
    }

    /// <summary>The descriptor's number.</summary>
    public int Number => (int)_handle.DangerousGetHandle();

    /// <summary>All of its text.</summary>
    public string Read()
    {
        var bytes = new byte[RandomAccess.GetLength(_handle)];
        int count = RandomAccess.Read(_handle, bytes, 0);
        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    /// <summary>Closes it, and with it goes the text.</summary>
    public void Dispose() => _handle.Dispose();
}
