using ContainerTools.Engine.Build.Context;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>
/// The places that a mount needs and a root file system lacks. The runtime makes them, empty, in the upper directory; they are no work of the command and
/// must not become part of the layer.
/// </summary>
internal sealed class MountStubs
{
    private readonly LayeredTree _lower;
    private readonly List<string> _places;

    private MountStubs(LayeredTree lower, List<string> places) => (_lower, _places) = (lower, places);

    /// <summary>Notes what is missing before the command runs.</summary>
    public static MountStubs Plan(LayeredTree lower, IReadOnlyList<string> destinations)
    {
        var places = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var destination in destinations)
        {
            for (var place = lower.Locate(destination); place.Length > 0; place = place[..place.LastIndexOf('/')])
            {
                places.Add(place);
            }
        }

        return new MountStubs(lower, [.. places.Reverse()]);
    }

    /// <summary>Takes the empty ones away again, and directories that are there only because something was made in them.</summary>
    public void Remove(string upper)
    {
        foreach (var place in _places)
        {
            var host = upper + place;
            if (NodeStatus.Of(host) is not { } status)
            {
                continue;
            }

            var below = _lower.Find(place, followLast: false);
            if (below is null && status is { Kind: NodeKind.File, Size: 0 })
            {
                File.Delete(host);
            }
            else if (status.Kind == NodeKind.Directory && !Directory.EnumerateFileSystemEntries(host).Any()
                && (below is null || (below.Status.Kind, below.Status.Mode, below.Status.UserId, below.Status.GroupId) == (status.Kind, status.Mode, status.UserId, status.GroupId)))
            {
                Directory.Delete(host);
            }
        }
    }
}
