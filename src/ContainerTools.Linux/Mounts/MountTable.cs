using System.Text;

namespace ContainerTools.Linux.Mounts;

/// <summary>The mounts of this process's namespace (proc_pid_mountinfo(5)).</summary>
public static class MountTable
{
    /// <summary>Mount points, in mount order, unescaped.</summary>
    public static IEnumerable<string> MountPoints() =>
        File.ReadLines("/proc/self/mountinfo").Select(line => Unescape(line.Split(' ')[4]));

    /// <summary>True when something is mounted exactly there.</summary>
    public static bool IsMountPoint(string path) => MountPoints().Contains(path);

    // Blank, tab, line feed and backslash stand as \040 and so on.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && index + 3 < text.Length)
            {
                result.Append((char)Convert.ToInt32(text.Substring(index + 1, 3), 8));
                index += 3;
            }
            else
            {
                result.Append(text[index]);
            }
        }

        return result.ToString();
    }
}
