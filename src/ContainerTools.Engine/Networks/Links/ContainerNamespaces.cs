using ContainerTools.Engine.Storage;
using ContainerTools.Linux.Netlink;

namespace ContainerTools.Engine.Networks.Links;

/// <summary>Network namespaces of containers, pinned so that they outlive whoever made them; the container's monitor takes the pin away at its end.</summary>
internal sealed class ContainerNamespaces(StorePaths paths)
{
    /// <summary>Where a container's namespace is pinned.</summary>
    public string PathOf(string containerId) => Path.Combine(paths.NetworkNamespaces, containerId);

    /// <summary>Makes one, pins it to a path, and prepares it: its loopback is up, and a socket of it is open.</summary>
    public static (NetworkNamespace Namespace, NetlinkSocket Links) Create(string pin, bool withIPv6)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(pin)!);
        var (made, links) = NetworkNamespace.Create(() => EndpointLinks.Prepare(withIPv6));
        try
        {
            made.Pin(pin);
            return (made, links);
        }
        catch
        {
            links.Dispose();
            made.Dispose();
            throw;
        }
    }

    /// <summary>The namespace of a container that has one pinned; null otherwise.</summary>
    public NetworkNamespace? TryOpen(string containerId)
    {
        var path = PathOf(containerId);
        try
        {
            return File.Exists(path) ? NetworkNamespace.Open(path) : null;
        }
        catch (Linux.LinuxException)
        {
            // Between the check and the opening its monitor has taken it away, or only its file is left.
            return null;
        }
    }

    /// <summary>Links inside a container; null when it has no namespace pinned, or its end came in between.</summary>
    public IReadOnlyList<Link>? LinksOf(string containerId)
    {
        using var own = TryOpen(containerId);
        if (own is null)
        {
            return null;
        }

        try
        {
            using var inside = NetlinkSocket.Open(own);
            return inside.GetLinks();
        }
        catch (Linux.LinuxException)
        {
            return null;
        }
    }
}
