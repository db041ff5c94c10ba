using System.Text;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Storage;

/// <summary>Opens directories of trees that a container may have written, or may be writing: word by word, through real directories only.</summary>
internal static class PlainDirectory
{
    /// <summary>The directory at a relative path; null when a word of it is missing, a symbolic link or no directory.</summary>
    public static DirectoryHandle? TryOpen(string root, string path)
    {
        var current = DirectoryHandle.Open(root);
        foreach (var word in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = current.TryOpenDirectory(Encoding.UTF8.GetBytes(word));
            current.Dispose();
            if (next is null)
            {
                return null;
            }

            current = next;
        }

        return current;
    }

    /// <summary>A regular file at a relative path, opened for reading; null when there is none such. What has been replaced by a link or a pipe meanwhile is none.</summary>
    public static Stream? TryOpenFile(string root, string path)
    {
        using var directory = TryOpen(root, Path.GetDirectoryName(path) ?? "");
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(path));
        if (directory?.TryGetStatus(name) is not { Kind: FileKind.Regular })
        {
            return null;
        }

        try
        {
            // Opening a pipe would wait for its writer: the handle opens without blocking, and looks again at what it has.
            using var file = directory.OpenFile(name);
            return file.GetStatus().Kind == FileKind.Regular ? new FileStream($"/proc/self/fd/{file.Number}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
        }
        catch (LinuxException error) when (error.Errno is LinuxError.Loop or LinuxError.NotFound)
        {
            return null;
        }
    }
}
