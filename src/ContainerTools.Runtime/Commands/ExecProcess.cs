using System.Globalization;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Commands;

/// <summary>Makes the process section of an <c>exec</c> from a file, or from options over the container's own.</summary>
internal static class ExecProcess
{
    /// <summary>Reads <c>--process</c>, or applies <c>--user</c>, <c>--cwd</c>, <c>--env</c> and the arguments.</summary>
    public static ProcessSection Build(CommandLine line, ProcessSection container)
    {
        if (line.Value("--process") is { } file)
        {
            try
            {
                return ProcessSection.Parse(File.ReadAllBytes(file));
            }
            catch (System.Text.Json.JsonException error)
            {
                throw new FormatException($"{file}: {error.Message}", error);
            }
        }

        string[] arguments = [.. line.Operands.Skip(1).SkipWhile((word, index) => index == 0 && word == "--")];
        if (arguments.Length == 0)
        {
            throw new UsageException("exec needs a command after the container id, or --process.");
        }

        ProcessUser user = line.Value("--user") is { } text ? ParseUser(text, container.User) : container.User;

        // A process beside the first inherits nothing it was not given (CVE-2022-29162): no inheritable and no ambient capabilities.
        CapabilitySets? capabilities = container.Capabilities is { } sets ? sets with { Inheritable = [], Ambient = [] } : null;
        return container with
        {
            Args = arguments,
            Cwd = line.Value("--cwd") ?? container.Cwd,
            Env = [.. Merge(container.Env, line.Values("--env"))],
            User = user,
            Terminal = false,
            Capabilities = capabilities,
            NoNewPrivileges = container.NoNewPrivileges || line.Has("--no-new-privs"),
        };
    }

    /// <summary><c>UID</c> or <c>UID:GID</c>, plain decimal numbers only: anything else must never end up as root (CVE-2026-30892).</summary>
    public static ProcessUser ParseUser(string text, ProcessUser container)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        uint uid = ParseId(colon < 0 ? text : text[..colon], text);
        uint gid = colon < 0 ? 0 : ParseId(text[(colon + 1)..], text);
        return new ProcessUser { Uid = uid, Gid = gid, Umask = container.Umask };
    }

    // 4294967295 is (uid_t)-1, which setresuid(2) takes for "leave it as it is", that is root.
    private static uint ParseId(string digits, string text) =>
        uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != uint.MaxValue
            ? id
            : throw new UsageException($"--user '{text}' is not UID or UID:GID in numbers from 0 to 4294967294.");

    private static IEnumerable<string> Merge(IReadOnlyList<string> inherited, IReadOnlyList<string> added)
    {
        HashSet<string> names = new(added.Select(NameOf), StringComparer.Ordinal);
        return inherited.Where(variable => !names.Contains(NameOf(variable))).Concat(added);
    }

    private static string NameOf(string variable)
    {
        int equals = variable.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? variable[..equals] : throw new UsageException($"The environment entry '{variable}' is not NAME=VALUE.");
    }
}
