using ContainerTools.Linux;

namespace ContainerTools.Engine.Storage;

/// <summary>A file that keeps some space back, so that removing things works when the disk is full: the catalogue's log must grow before anything can shrink.</summary>
internal sealed class SpaceReserve(string path)
{
    private const int Size = 512 * 1024;

    /// <summary>Makes the file where it is missing and there is room.</summary>
    public void Ensure()
    {
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            // Written, not merely extended: a hole keeps nothing back.
            File.WriteAllBytes(path, new byte[Size]);
        }
        catch (IOException error) when ((error.HResult & 0xffff) == LinuxError.NoSpace)
        {
            File.Delete(path);
        }
    }

    /// <summary>Gives the space free; false when it is given already.</summary>
    public bool TryRelease()
    {
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        return true;
    }
}
