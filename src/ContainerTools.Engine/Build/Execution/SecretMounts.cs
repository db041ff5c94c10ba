using System.Text;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Build.Dockerfiles;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>
/// The files of <c>RUN --mount=type=secret</c>. They lie in the runtime directory, which is memory on most hosts, for the time of one step, under the name
/// of the build's work directory, whose end (also by repair) takes them along.
/// </summary>
internal sealed class SecretMounts(WorkDirectory work, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> secrets) : IDisposable
{
    private readonly List<string> _files = [];

    /// <summary>Values of the secrets that a step wants as environment variables.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>True when the build has the secret; throws <see cref="FormatException"/> when a required one is missing.</summary>
    public bool Has(RunMount mount) => secrets.ContainsKey(mount.Id!)
        || (mount.Required ? throw new FormatException($"secret '{mount.Id}' is required, but the build was given none of that id") : false);

    /// <summary>Makes the file of a secret, and notes its variable.</summary>
    public ContainerMount? Add(RunMount mount, string target)
    {
        var content = secrets[mount.Id!];
        if (mount.Variable is { } variable)
        {
            Variables[variable] = Encoding.UTF8.GetString(content.Span);
        }

        if (mount.Target.Length == 0)
        {
            return null;
        }

        Directory.CreateDirectory(work.SecretsPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(work.SecretsPath, Guid.NewGuid().ToString("N"));
        using (var stream = NodeWriter.MakeFile(file))
        {
            _files.Add(file);
            stream.Write(content.Span);
        }

        NodeWriter.SetOwner(file, (uint)mount.UserId, (uint)mount.GroupId);
        NodeWriter.SetMode(file, mount.Mode);
        return new ContainerMount { Source = file, Destination = target, ReadOnly = true };
    }

    public void Dispose() => _files.ForEach(File.Delete);
}
