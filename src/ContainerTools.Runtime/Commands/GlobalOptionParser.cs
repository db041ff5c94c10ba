namespace ContainerTools.Runtime.Commands;

/// <summary>Reads the options before the command.</summary>
internal static class GlobalOptionParser
{
    /// <summary>Returns the options and the index of the command.</summary>
    public static (GlobalOptions Options, int Command) Parse(string[] arguments)
    {
        GlobalOptions options = new("/run/ctrun", null, LogAsJson: false);
        int index = 0;
        while (index < arguments.Length && arguments[index].StartsWith("--", StringComparison.Ordinal) && arguments[index] is not ("--help" or "--version"))
        {
            string word = arguments[index];
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? word : word[..equals];
            if (name is "--debug" or "--systemd-cgroup")
            {
                if (name == "--systemd-cgroup")
                {
                    throw new UsageException("--systemd-cgroup is not supported; cgroups are made directly.");
                }

                index++;
                continue;
            }

            string value = equals >= 0 ? word[(equals + 1)..]
                : index + 1 < arguments.Length ? arguments[++index]
                : throw new UsageException($"The option {word} needs a value.");
            options = name switch
            {
                "--root" => options with { StateRoot = Path.GetFullPath(value) },
                "--log" => options with { LogPath = value },
                "--log-format" => options with { LogAsJson = value == "json" || (value == "text" ? false : throw new UsageException("--log-format is text or json.")) },
                _ => throw new UsageException($"The option {name} is not known before the command."),
            };
            index++;
        }

        return (options, index);
    }
}
