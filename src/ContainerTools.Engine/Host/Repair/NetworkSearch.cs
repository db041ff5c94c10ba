using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks;

namespace ContainerTools.Engine.Host.Repair;

/// <summary>Left-overs of networks: bridges, VLANs and rules of networks that no row knows, and pins and names of containers that do not run.</summary>
internal sealed class NetworkSearch(ContainerContext context)
{
    public IEnumerable<Finding> Find()
    {
        foreach (var (kind, name) in context.Networks.FindForeignLinks())
        {
            yield return new Finding(kind, name, "no network of the catalogue owns it", () => context.Networks.RemoveLink(name));
        }

        foreach (var path in Files(context.Paths.NetworkNamespaces).Where(path => IsAbandoned(Path.GetFileName(path))))
        {
            yield return new Finding("Namespace", path, "its container does not run", () => Linux.Netlink.NetworkNamespace.Unpin(path));
        }

        var networks = context.Networks.Store.List().Select(network => network.Id).ToHashSet();
        foreach (var directory in Directory.Exists(context.Paths.Names) ? Directory.EnumerateDirectories(context.Paths.Names) : [])
        {
            if (!networks.Contains(Path.GetFileName(directory)))
            {
                yield return new Finding("File", directory, "no network of the catalogue owns it", () => Directory.Delete(directory, recursive: true), FileTree.Size(directory));
                continue;
            }

            foreach (var path in Files(directory).Where(path => IsAbandoned(Path.GetFileName(path).TrimStart('.'))))
            {
                yield return new Finding("File", path, "its container does not run", () => File.Delete(path), FileTree.Size(path));
            }
        }
    }

    /// <summary>True when the container neither runs nor is being started or removed. Those that have a plan are found with their container.</summary>
    private bool IsAbandoned(string containerId)
    {
        var bundle = context.BundleOf(containerId);
        return !File.Exists(bundle.Network) && !ContainerLock.IsHeld(bundle) && !ContainerStatus.Of(bundle).IsRunning;
    }

    private static IEnumerable<string> Files(string directory) => Directory.Exists(directory) ? Directory.EnumerateFiles(directory) : [];
}
