using System.Text;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Files and directories as left-overs.</summary>
internal static class FileTree
{
    /// <summary>Bytes of a file, or of all regular files below a directory.</summary>
    public static long Size(string path) => Directory.Exists(path)
        ? new DirectoryInfo(path).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Sum(file => file.Length)
        : File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Removes a file or a whole directory, never across a mount or a link.</summary>
    public static void Remove(string path)
    {
        using var parent = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        parent.RemoveTree(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
    }
}
