namespace ContainerTools.Engine.Containers;

/// <summary>The files that the engine binds into a container: <c>/etc/hosts</c>, <c>/etc/hostname</c> and <c>/etc/resolv.conf</c>.</summary>
internal static class ContainerHostFiles
{
    /// <summary>Writes them into the bundle and says where they go.</summary>
    public static IReadOnlyList<ContainerMount> Write(ContainerBundle bundle, ContainerSpec spec, string hostName)
    {
        var mounts = new List<ContainerMount>();
        void Add(string destination, string content)
        {
            if (spec.Mounts.Any(mount => mount.Destination == destination))
            {
                return;
            }

            var source = Path.Combine(bundle.Directory, Path.GetFileName(destination));
            File.WriteAllText(source, content);
            mounts.Add(new ContainerMount { Source = source, Destination = destination });
        }

        var host = spec.Network == "host";
        Add("/etc/hostname", $"{hostName}\n");
        Add("/etc/hosts", host && File.Exists("/etc/hosts") ? File.ReadAllText("/etc/hosts") : $"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.0.1\t{hostName}\n");
        Add("/etc/resolv.conf", host && File.Exists("/etc/resolv.conf") ? File.ReadAllText("/etc/resolv.conf") : "");
        return mounts;
    }
}
