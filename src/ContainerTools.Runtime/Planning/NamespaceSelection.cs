using ContainerTools.Linux.Namespaces;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Planning;

/// <summary>Namespaces of a configuration: which are made and which are joined.</summary>
internal sealed record NamespaceSelection
{
    private static readonly Dictionary<string, CloneFlags> Kinds = new(StringComparer.Ordinal)
    {
        ["pid"] = CloneFlags.NewPid,
        ["network"] = CloneFlags.NewNetwork,
        ["mount"] = CloneFlags.NewMount,
        ["ipc"] = CloneFlags.NewIpc,
        ["uts"] = CloneFlags.NewUts,
        ["user"] = CloneFlags.NewUser,
        ["cgroup"] = CloneFlags.NewCgroup,
    };

    /// <summary>Namespaces to make.</summary>
    public CloneFlags Made { get; private init; }

    /// <summary>Names of the kinds made or joined: those that are not the host's.</summary>
    public required IReadOnlySet<string> Own { get; init; }

    /// <summary>Namespaces to join, except the pid namespace.</summary>
    public required IReadOnlyList<(string Path, CloneFlags Kind)> Joined { get; init; }

    /// <summary>Pid namespace to join, or null.</summary>
    public string? JoinedPid { get; private init; }

    /// <summary>Reads and checks the list.</summary>
    public static NamespaceSelection Of(IReadOnlyList<NamespaceSpec> namespaces)
    {
        CloneFlags made = CloneFlags.None;
        HashSet<string> own = new(StringComparer.Ordinal);
        List<(string, CloneFlags)> joined = [];
        string? joinedPid = null;
        foreach (NamespaceSpec space in namespaces)
        {
            if (!Kinds.TryGetValue(space.Type, out CloneFlags kind))
            {
                throw new NotSupportedException($"linux.namespaces: '{space.Type}' is not supported. Use pid, network, mount, ipc, uts, user or cgroup.");
            }

            if (!own.Add(space.Type))
            {
                throw new FormatException($"linux.namespaces: '{space.Type}' is there twice.");
            }

            if (space.Path is not { Length: > 0 } path)
            {
                made |= kind;
            }
            else if (kind == CloneFlags.NewPid)
            {
                joinedPid = path;
            }
            else if (kind is CloneFlags.NewMount or CloneFlags.NewUser)
            {
                throw new NotSupportedException($"linux.namespaces: a container cannot be made inside the existing {space.Type} namespace {path}. Leave out its path.");
            }
            else
            {
                joined.Add((path, kind));
            }
        }

        if ((made & CloneFlags.NewMount) == 0)
        {
            throw new NotSupportedException("linux.namespaces has no mount namespace; without one the container's mounts would be the host's.");
        }

        if ((made & CloneFlags.NewUser) != 0 && (joined.Count > 0 || joinedPid is not null))
        {
            throw new NotSupportedException("linux.namespaces: a new user namespace cannot be combined with namespaces that are joined by path.");
        }

        return new NamespaceSelection { Made = made, Own = own, Joined = joined, JoinedPid = joinedPid };
    }
}
