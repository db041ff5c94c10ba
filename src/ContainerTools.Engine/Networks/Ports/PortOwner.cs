using System.Globalization;

namespace ContainerTools.Engine.Networks.Ports;

/// <summary>Finds the process that has a port (proc_pid_net(5), proc_pid_fd(5)).</summary>
internal static class PortOwner
{
    private const string Listening = "0A"; // TCP_LISTEN, net/tcp_states.h

    /// <summary><c>nginx (process 812)</c>; null when it cannot be found. To be called in the host's network namespace.</summary>
    public static string? Find(HostPort port, int number)
    {
        var inodes = Inodes(port.ProtocolName, number).ToHashSet();
        if (inodes.Count == 0)
        {
            return null;
        }

        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                if (Directory.EnumerateFileSystemEntries($"{directory}/fd").Any(link => new FileInfo(link).LinkTarget is { } target && inodes.Contains(target)))
                {
                    return $"{File.ReadAllText($"{directory}/comm").Trim()} (process {Path.GetFileName(directory)})";
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return null;
    }

    private static IEnumerable<string> Inodes(string protocol, int number)
    {
        foreach (var file in (string[])[$"/proc/thread-self/net/{protocol}", $"/proc/thread-self/net/{protocol}6"])
        {
            if (!File.Exists(file))
            {
                continue;
            }

            foreach (var line in File.ReadLines(file).Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var port = int.Parse(fields[1][(fields[1].LastIndexOf(':') + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                if (port == number && (protocol != "tcp" || fields[3] == Listening))
                {
                    yield return $"socket:[{fields[9]}]";
                }
            }
        }
    }
}
