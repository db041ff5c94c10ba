namespace ContainerTools.Engine.Networks;

/// <summary>Whose network a container uses, as read from what it was asked for.</summary>
/// <param name="Kind">Whose.</param>
/// <param name="Target">The other container's name, or the namespace's path.</param>
internal sealed record NetworkMode(NetworkModeKind Kind, string? Target = null)
{
    /// <summary>Name of the network that a container is connected to which asks for none.</summary>
    public const string Default = "default";

    private const string ContainerPrefix = "container:";
    private const string PathPrefix = "ns:";

    public bool IsHost => Kind == NetworkModeKind.Host;

    /// <summary>Throws <c>InvalidNetwork</c> for a mode beside other networks, and for one without its target.</summary>
    public static NetworkMode Of(ContainerSpec spec)
    {
        var modes = spec.Networks.Select(Read).Where(mode => mode.Kind != NetworkModeKind.Networks).ToList();
        if (modes.Count > 0 && spec.Networks.Count > 1)
        {
            throw new ContainerToolsException(
                ErrorKind.InvalidArgument,
                "InvalidNetwork",
                $"'{spec.Networks.First(network => Read(network).Kind != NetworkModeKind.Networks).Name}' leaves no room for other networks.",
                spec.Networks[0].Name,
                "Name it alone, or name networks only.");
        }

        return modes.Count > 0 ? modes[0] : new NetworkMode(NetworkModeKind.Networks);
    }

    /// <summary>The networks asked for; that of <see cref="Default"/> when none is.</summary>
    public static IReadOnlyList<NetworkAttachment> Attachments(ContainerSpec spec) =>
        spec.Networks.Count == 0 ? [new NetworkAttachment { Name = Default }] : spec.Networks;

    /// <summary>Reads one name. Throws <c>InvalidNetwork</c> for a mode without its target.</summary>
    public static NetworkMode Parse(string name) => Read(new NetworkAttachment { Name = name });

    /// <summary>Whether a network can have that name.</summary>
    public static bool IsReserved(string name) => Parse(name).Kind != NetworkModeKind.Networks;

    private static NetworkMode Read(NetworkAttachment attachment) => attachment.Name switch
    {
        "none" => new(NetworkModeKind.None),
        "host" => new(NetworkModeKind.Host),
        var name when name.StartsWith(ContainerPrefix, StringComparison.Ordinal) => new(NetworkModeKind.Container, TargetOf(name, ContainerPrefix, "a container: container:NAME")),
        var name when name.StartsWith(PathPrefix, StringComparison.Ordinal) => new(NetworkModeKind.Path, TargetOf(name, PathPrefix, "a network namespace: ns:/run/netns/NAME")),
        _ => new(NetworkModeKind.Networks),
    };

    private static string TargetOf(string name, string prefix, string form) => name.Length > prefix.Length
        ? name[prefix.Length..]
        : throw new ContainerToolsException(ErrorKind.InvalidArgument, "InvalidNetwork", $"'{name}' names nothing.", name, $"Name {form}.");
}
