using ContainerTools.Linux.Mounts;

namespace ContainerTools.Engine.Containers;

/// <summary>
/// Finds regular files in a stack of overlay layers without mounting it: whiteouts hide, opaque directories cut off, symbolic links are followed inside
/// the stack only. What a container's root would show, and nothing of the host.
/// </summary>
internal sealed class LayeredFiles(IReadOnlyList<string> layersTopFirst)
{
    private const int MaximumLinks = 40;

    /// <summary>Host path of the regular file that the stack shows at <paramref name="path"/>; null when it shows none.</summary>
    public string? Find(string path)
    {
        var pending = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var visible = layersTopFirst;
        var parents = new Stack<(IReadOnlyList<string> Directories, string Name)>();
        for (var links = 0; pending.TryPop(out var name);)
        {
            if (name == ".")
            {
                continue;
            }

            if (name == "..")
            {
                visible = parents.TryPop(out var parent) ? parent.Directories : layersTopFirst;
                continue;
            }

            var (directories, file, link) = Look(visible, name);
            if (link is not null)
            {
                if (++links > MaximumLinks)
                {
                    return null;
                }

                if (link.StartsWith('/'))
                {
                    parents.Clear();
                    visible = layersTopFirst;
                }

                foreach (var part in link.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    pending.Push(part);
                }
            }
            else if (file is not null)
            {
                return pending.Count == 0 ? file : null;
            }
            else if (directories.Count > 0)
            {
                parents.Push((visible, name));
                visible = directories;
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    private static (List<string> Directories, string? File, string? Link) Look(IReadOnlyList<string> visible, string name)
    {
        var directories = new List<string>();
        foreach (var layer in visible)
        {
            var candidate = new FileInfo(Path.Combine(layer, name));
            if (candidate.LinkTarget is { } target)
            {
                return directories.Count > 0 ? (directories, null, null) : ([], null, target);
            }

            if (Directory.Exists(candidate.FullName))
            {
                directories.Add(candidate.FullName);
                if (IsOpaque(candidate.FullName))
                {
                    break;
                }
            }
            else if (candidate.Exists)
            {
                // A device in a layer is a whiteout (0:0) or no file of interest; either hides what lies below.
                var regular = (candidate.Attributes & (FileAttributes.Normal | FileAttributes.Archive | FileAttributes.ReadOnly)) != 0
                    && (candidate.Attributes & FileAttributes.Device) == 0;
                return directories.Count > 0 ? (directories, null, null) : ([], regular ? candidate.FullName : null, null);
            }
        }

        return (directories, null, null);
    }

    private static bool IsOpaque(string directory) => OverlayDirectory.IsOpaque(directory);
}
