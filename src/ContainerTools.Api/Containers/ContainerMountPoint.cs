namespace ContainerTools.Api.Containers;

/// <summary>One mount of a container, in the API's words.</summary>
internal sealed record ContainerMountPoint(string Type, string Source, string Destination, string Mode, bool RW, string Propagation)
{
    public static ContainerMountPoint From(ContainerMount mount) =>
        new("bind", mount.Source, mount.Destination, mount.ReadOnly ? "ro" : "", !mount.ReadOnly, mount.Propagation);
}
