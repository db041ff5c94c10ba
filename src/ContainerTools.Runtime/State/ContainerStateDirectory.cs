using ContainerTools.Linux.Processes;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Runtime.State;

/// <summary>The directory <c>STATE-ROOT/ID</c> of one container.</summary>
internal sealed class ContainerStateDirectory
{
    private readonly string _stateFile;

    private ContainerStateDirectory(string path)
    {
        DirectoryPath = path;
        _stateFile = Path.Combine(path, "state.json");
    }

    /// <summary>The directory.</summary>
    public string DirectoryPath { get; }

    /// <summary>Named pipe on which a created container waits.</summary>
    public string StartPipe => Path.Combine(DirectoryPath, "start.fifo");

    /// <summary>Named pipe on which a created container reports.</summary>
    public string ReportPipe => Path.Combine(DirectoryPath, "report.fifo");

    /// <summary>What the operations after the start signal are about, one a line, for the error sentence.</summary>
    public string OperationsFile => Path.Combine(DirectoryPath, "operations");

    /// <summary>Makes the directory of a new container.</summary>
    /// <exception cref="InvalidOperationException">There is a container of that id.</exception>
    public static ContainerStateDirectory Create(string stateRoot, string id)
    {
        ContainerStateDirectory directory = At(stateRoot, id);
        Directory.CreateDirectory(stateRoot, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        if (!DirectoryMaking.TryMake(directory.DirectoryPath, 0x1C0))
        {
            throw new InvalidOperationException($"A container '{id}' exists already in {stateRoot}. Delete it first or choose another id.");
        }

        return directory;
    }

    /// <summary>The directory of a container that may or may not exist.</summary>
    public static ContainerStateDirectory At(string stateRoot, string id)
    {
        RequireId(id);
        return new ContainerStateDirectory(Path.Combine(stateRoot, id));
    }

    /// <summary>Ids that have a directory.</summary>
    public static IReadOnlyList<string> List(string stateRoot) =>
        Directory.Exists(stateRoot)
            ? [.. Directory.GetDirectories(stateRoot).Where(path => File.Exists(Path.Combine(path, "state.json"))).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Reads the state.</summary>
    /// <exception cref="InvalidOperationException">There is no such container.</exception>
    public ContainerRuntimeState Read()
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(_stateFile);
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidOperationException($"There is no container '{Path.GetFileName(DirectoryPath)}' in {Path.GetDirectoryName(DirectoryPath)}.", error);
        }

        return ContainerRuntimeState.Parse(json);
    }

    /// <summary>Writes the state to a temporary name and renames it, so that a reader sees the old or the new one.</summary>
    public void Write(ContainerRuntimeState state)
    {
        string temporary = $"{_stateFile}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, state.ToJson());
        File.Move(temporary, _stateFile, overwrite: true);
    }

    private static void RequireId(string id)
    {
        bool valid = id.Length is > 0 and <= 255 && id is not ("." or "..") && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '+' or '-' or '.');
        if (!valid)
        {
            throw new FormatException($"'{id}' is not a container id: letters, digits and the signs _ + - . only, 255 at most.");
        }
    }
}
