using System.Text;
using ContainerTools.Engine.Build.Context;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;

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

    /// <summary>
    /// Takes the empty ones away again, and directories that are there only because something was made in them. The command may have put links where the
    /// places were (CVE-2024-23652): only real directories of the layer are walked.
    /// </summary>
    public void Remove(string upper)
    {
        foreach (var place in _places)
        {
            using var parent = PlainDirectory.TryOpen(upper, place[..place.LastIndexOf('/')]);
            var name = Encoding.UTF8.GetBytes(place[(place.LastIndexOf('/') + 1)..]);
            if (parent?.TryGetStatus(name) is not { } status)
            {
                continue;
            }

            var below = _lower.Find(place, followLast: false);
            if (status.Kind == FileKind.Regular && status.Size == 0 && below is null)
            {
                parent.TryRemoveFile(name);
            }
            else if (status.Kind == FileKind.Directory && IsEmpty(parent, name)
                && (below is null || (below.Status.IsWhiteout, below.Status.Kind, below.Status.Mode, below.Status.UserId, below.Status.GroupId) == (false, NodeKind.Directory, status.Mode, status.Owner, status.Group)))
            {
                parent.TryRemoveDirectory(name);
            }
        }
    }

    private static bool IsEmpty(DirectoryHandle parent, byte[] name)
    {
        using var directory = parent.TryOpenDirectory(name);
        return directory?.GetNames().Count == 0;
    }
}
