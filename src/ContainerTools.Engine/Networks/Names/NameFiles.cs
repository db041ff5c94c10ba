using System.Text;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Networks.Names;

/// <summary>
/// What the resolvers of a network's containers answer from: one file for each container that runs. Its monitor removes it at the container's end, and every resolver
/// sees the change by the directory's time.
/// </summary>
internal sealed class NameFiles(StorePaths paths)
{
    /// <summary>The directory of a network.</summary>
    public string DirectoryOf(NetworkRecord network) => Path.Combine(paths.Names, network.Id);

    /// <summary>The file of a container on a network.</summary>
    public string PathOf(NetworkRecord network, string containerId) => Path.Combine(DirectoryOf(network), containerId);

    /// <summary>Writes a container's file, in place of one that may be there.</summary>
    public void Write(ContainerRecord container, NetworkRecord network, EndpointRecord endpoint)
    {
        var names = EndpointNames.Of(container, network, endpoint);
        var text = new StringBuilder();
        foreach (var address in endpoint.Addresses)
        {
            text.Append("address ").Append(address).Append('\n');
        }

        foreach (var name in names.Names)
        {
            text.Append("name ").Append(name).Append('\n');
        }

        text.Append("pointer ").Append(names.Pointer).Append('\n');
        var path = PathOf(network, container.Id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{container.Id}");
        File.WriteAllText(temporary, text.ToString());
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes a container's file.</summary>
    public void Remove(NetworkRecord network, string containerId)
    {
        if (Directory.Exists(DirectoryOf(network)))
        {
            File.Delete(PathOf(network, containerId));
        }
    }

    /// <summary>Removes a network's directory.</summary>
    public void Remove(NetworkRecord network)
    {
        if (Directory.Exists(DirectoryOf(network)))
        {
            Directory.Delete(DirectoryOf(network), recursive: true);
        }
    }
}
