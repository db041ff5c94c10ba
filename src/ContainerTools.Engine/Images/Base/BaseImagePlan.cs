using System.Text;

namespace ContainerTools.Engine.Images.Base;

/// <summary>Everything a base image holds, by path without leading <c>/</c>, in order: directories before what lies in them.</summary>
internal sealed class BaseImagePlan
{
    private static readonly HashSet<string> s_merged = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
    private readonly SortedDictionary<string, BaseImageNode> _nodes = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, BaseImageNode> Nodes => _nodes;

    /// <summary>Where a host path lies in the image: <c>/bin</c>, <c>/lib</c> and their kin are links into <c>/usr</c> there, whatever the host does.</summary>
    public static string Place(string hostPath)
    {
        var path = hostPath.TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && s_merged.Contains(path[..slash]) ? "usr/" + path : path;
    }

    public bool Contains(string place) => _nodes.ContainsKey(place);

    public void AddDirectory(string place, int mode = 0x1ed)
    {
        AddParents(place);
        _nodes.TryAdd(place, new BaseImageNode.Folder(mode));
    }

    public void AddLink(string place, string target)
    {
        AddParents(place);
        _nodes.TryAdd(place, new BaseImageNode.Link(target));
    }

    public void AddCopy(string place, string source)
    {
        AddParents(place);
        _nodes.TryAdd(place, new BaseImageNode.Copy(source));
    }

    public void AddText(string place, string text)
    {
        AddParents(place);
        _nodes.TryAdd(place, new BaseImageNode.Content(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The directories and files every program may expect.</summary>
    public void AddSkeleton()
    {
        foreach (var directory in new[] { "dev", "etc", "home", "opt", "proc", "run", "sys", "usr/bin", "usr/lib", "usr/local/bin", "usr/sbin", "var/lib", "var/log" })
        {
            AddDirectory(directory);
        }

        AddDirectory("root", 0x1c0);
        AddDirectory("tmp", 0x3ff);
        AddDirectory("var/tmp", 0x3ff);
        AddLink("var/run", "/run");
        foreach (var merged in s_merged.Where(name => name is "bin" or "sbin" or "lib" || _nodes.ContainsKey("usr/" + name)).ToList())
        {
            AddLink(merged, "usr/" + merged);
        }

        AddText("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n");
        AddText("etc/group", "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n");
        AddText("etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\nprotocols: files\nservices: files\n");
        AddText("etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        AddText("etc/hostname", "");
        AddText("etc/resolv.conf", "");
    }

    private void AddParents(string place)
    {
        for (var slash = place.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = place.IndexOf('/', slash + 1))
        {
            _nodes.TryAdd(place[..slash], new BaseImageNode.Folder(0x1ed));
        }
    }
}
