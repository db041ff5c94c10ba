using System.Text;
using ContainerTools.Linux;

namespace ContainerTools.Linux.Mounts;

/// <summary>The mounts of this process's namespace.</summary>
public static unsafe class MountTable
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int NoAutomount = 0x800;
    private const int AttributesAt = 8;
    private const ulong MountRoot = 0x2000;

    /// <summary>True when something is mounted exactly there (STATX_ATTR_MOUNT_ROOT of statx(2), Linux 5.8).</summary>
    /// <remarks>The kernel takes milliseconds to write the table of a host with hundreds of containers.</remarks>
    public static bool IsMountPoint(string path)
    {
        var status = stackalloc byte[256];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            return FileCalls.Status(CurrentDirectory, name, NoFollow | NoAutomount, 0, status) == 0 && (*(ulong*)(status + AttributesAt) & MountRoot) != 0;
        }
    }

    /// <summary>Everything that is mounted below a directory (proc_pid_mountinfo(5)).</summary>
    public static IReadOnlyList<string> Below(string directory) =>
    [
        .. File.ReadLines("/proc/self/mountinfo")
            .Select(line => Unescape(line.Split(' ')[4]))
            .Where(path => path.StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal)),
    ];

    // Blanks, tabs, newlines and backslashes are written as three octal digits.
    private static string Unescape(string path)
    {
        var text = new StringBuilder();
        for (var position = 0; position < path.Length; position++)
        {
            var isEscaped = path[position] == '\\';
            text.Append(isEscaped ? (char)Convert.ToInt32(path.Substring(position + 1, 3), 8) : path[position]);
            position += isEscaped ? 3 : 0;
        }

        return text.ToString();
    }
}
