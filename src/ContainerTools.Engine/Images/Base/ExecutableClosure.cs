using System.Text;

namespace ContainerTools.Engine.Images.Base;

/// <summary>Finds what executables of this host need (loader, libraries, script interpreters) and plans their copies, with the links that lead to them.</summary>
internal sealed class ExecutableClosure(BaseImagePlan plan)
{
    private const int MaximumLinks = 40;
    private static readonly string[] s_searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    private static readonly string[] s_nameServices = ["libnss_files.so.2", "libnss_dns.so.2"];
    private static readonly string[] s_libraryPath = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"];
    private readonly ILookup<string, string> _cache = LoaderCache.Read("/etc/ld.so.cache");
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);

    /// <summary>Newest modification time of the files found, in whole seconds.</summary>
    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Adds a command by bare name or absolute path; it can be called by its bare name in the image.</summary>
    public void AddCommand(string command)
    {
        var path = Find(command, command);
        AddExecutable(path, command);
        var name = Path.GetFileName(path);
        var place = BaseImagePlan.Place(path);
        if (!s_searchPath.Any(directory => Path.Combine(directory, name) is var candidate && plan.Contains(BaseImagePlan.Place(candidate))))
        {
            plan.AddLink($"usr/bin/{name}", "/" + place);
        }
    }

    private static string Find(string command, string subject)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.IsPathRooted(command)
                ? Path.GetFullPath(command)
                : throw new ContainerToolsException(
                    ErrorKind.InvalidArgument, "CommandPathNotAbsolute", $"The command '{command}' is a relative path.", command, "Give a bare name or an absolute path.");
            return File.Exists(path) ? path : throw NotFound(subject, $"the file '{path}' does not exist");
        }

        var search = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted).Concat(s_searchPath);
        return search.Select(directory => Path.Combine(directory, command)).FirstOrDefault(IsExecutable)
            ?? throw NotFound(subject, command == subject ? "it is not in PATH" : $"its interpreter '{command}' is not in PATH");
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static ContainerToolsException NotFound(string command, string why) => new(
        ErrorKind.NotFound, "CommandNotFound", $"The command '{command}' cannot be found: {why}.", command, "Install it on this host, or leave it out.");

    private void AddExecutable(string path, string subject)
    {
        var real = AddFile(path);
        if (!_done.Add(real))
        {
            return;
        }

        if (ElfFile.TryRead(real) is { } elf)
        {
            if (elf.Interpreter is { } loader)
            {
                _ = AddFile(File.Exists(loader) ? loader : throw NotFound(subject, $"its loader '{loader}' does not exist"));
            }

            AddLibraries(real, elf, [.. ExpandOrigin(elf.RunPath, real)]);
            return;
        }

        var (interpreter, argument) = ReadShebang(real) ?? throw new ContainerToolsException(
            ErrorKind.InvalidArgument, "CommandNotExecutable", $"'{path}' is neither an ELF executable nor a script with '#!'.", path, "Give the path of a program.");
        AddExecutable(Find(interpreter, subject), subject);
        if (Path.GetFileName(interpreter) == "env" && argument is { Length: > 0 })
        {
            AddExecutable(Find(argument, subject), subject);
        }
    }

    private void AddLibraries(string requester, ElfFile elf, IReadOnlyList<string> directories)
    {
        foreach (var name in elf.Needed)
        {
            AddLibrary(name, requester, elf, directories);
        }

        // glibc before 2.34 loads its name service by name when it is needed.
        if (elf.Needed.Contains("libc.so.6"))
        {
            foreach (var service in s_nameServices.Where(service => Locate(service, elf, directories) is not null))
            {
                AddLibrary(service, requester, elf, directories);
            }
        }
    }

    private void AddLibrary(string name, string requester, ElfFile elf, IReadOnlyList<string> directories)
    {
        var path = Locate(name, elf, directories) ?? throw new ContainerToolsException(
            ErrorKind.NotFound,
            "LibraryNotFound",
            $"'{requester}' needs the library '{name}', which this host does not have.",
            requester,
            "Install the library, or run ldconfig if it was installed just now.");
        var real = AddFile(path);
        if (_done.Add(real) && ElfFile.TryRead(real) is { } library)
        {
            AddLibraries(real, library, [.. ExpandOrigin(library.RunPath, real), .. directories]);
        }
    }

    private static IEnumerable<string> ExpandOrigin(IReadOnlyList<string> runPath, string file) => runPath.Select(path => path
        .Replace("$ORIGIN", Path.GetDirectoryName(file), StringComparison.Ordinal).Replace("${ORIGIN}", Path.GetDirectoryName(file), StringComparison.Ordinal));

    /// <summary>The search order of ld.so(8), without the environment.</summary>
    private string? Locate(string name, ElfFile elf, IReadOnlyList<string> directories)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(name) ? name : null;
        }

        return directories.Select(directory => Path.GetFullPath(Path.Combine(directory, name)))
            .Concat(_cache[name])
            .Concat(s_libraryPath.Select(directory => Path.Combine(directory, name)))
            .FirstOrDefault(candidate => File.Exists(candidate)
                && ElfFile.TryRead(candidate) is { } found && found.Is64Bit == elf.Is64Bit && found.Machine == elf.Machine);
    }

    /// <summary>Plans a file together with the links that lead to it; returns its real path.</summary>
    private string AddFile(string path)
    {
        var current = path;
        for (var hops = 0; hops < MaximumLinks; hops++)
        {
            // Links of directories are resolved; only the last link of each hop is kept, so that names like sh -> dash stay.
            current = Path.Combine(RealDirectory(Path.GetDirectoryName(current)!), Path.GetFileName(current));
            if (new FileInfo(current).LinkTarget is not { } target)
            {
                plan.AddCopy(BaseImagePlan.Place(current), current);
                var modified = DateTimeOffset.FromUnixTimeSeconds(new DateTimeOffset(File.GetLastWriteTimeUtc(current)).ToUnixTimeSeconds());
                Newest = modified > Newest ? modified : Newest;
                AddAlias(path, current);
                return current;
            }

            plan.AddLink(BaseImagePlan.Place(current), target);
            AddAlias(path, current);
            current = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(current)!, target));
        }

        throw new ContainerToolsException(ErrorKind.InvalidArgument, "LinkLoop", $"'{path}' is a chain of more than {MaximumLinks} links.", path);
    }

    /// <summary>A path that went through a linked directory stays valid in the image.</summary>
    private void AddAlias(string path, string real)
    {
        if (BaseImagePlan.Place(path) is var place && place != BaseImagePlan.Place(real) && !plan.Contains(place))
        {
            plan.AddLink(place, "/" + BaseImagePlan.Place(real));
        }
    }

    private static string RealDirectory(string directory)
    {
        var real = "/";
        var hops = 0;
        var words = new Stack<string>(directory.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (words.TryPop(out var word))
        {
            var next = Path.GetFullPath(Path.Combine(real, word));
            if (new DirectoryInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++hops > MaximumLinks)
            {
                throw new ContainerToolsException(ErrorKind.InvalidArgument, "LinkLoop", $"'{directory}' is a chain of more than {MaximumLinks} links.", directory);
            }

            real = Path.IsPathRooted(target) ? "/" : real;
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                words.Push(part);
            }
        }

        return real;
    }

    private static (string Interpreter, string? Argument)? ReadShebang(string path)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[256];
        var text = Encoding.UTF8.GetString(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        if (!text.StartsWith("#!", StringComparison.Ordinal))
        {
            return null;
        }

        var words = text[2..].Split('\n')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : (words[0], words.Length > 1 ? words[1] : null);
    }
}
