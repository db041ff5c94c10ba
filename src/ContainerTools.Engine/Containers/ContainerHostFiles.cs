using ContainerTools.Engine.Networks;

namespace ContainerTools.Engine.Containers;

/// <summary>The files that the engine binds into a container: <c>/etc/hosts</c>, <c>/etc/hostname</c> and <c>/etc/resolv.conf</c>.</summary>
internal static class ContainerHostFiles
{
    private const string Hosts = "/etc/hosts";
    private const string Local = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n";

    /// <summary>Writes them into the bundle and says where they go.</summary>
    public static IReadOnlyList<ContainerMount> Write(ContainerBundle bundle, ContainerSpec spec, ContainerNetworkSetup network, string hostName)
    {
        var mounts = new List<ContainerMount>();
        void Add(string destination, string content)
        {
            if (spec.Mounts.Any(mount => mount.Destination == destination))
            {
                return;
            }

            var source = Path.Combine(bundle.Directory, Path.GetFileName(destination));
            if (network.SharedWith is { } other && File.Exists(Path.Combine(other.Directory, Path.GetFileName(destination))))
            {
                source = Path.Combine(other.Directory, Path.GetFileName(destination));
            }
            else
            {
                // Never renamed into place: a running container has this very file mounted.
                File.WriteAllText(source, content);
            }

            mounts.Add(new ContainerMount { Source = source, Destination = destination });
        }

        Add("/etc/hostname", $"{hostName}\n");
        Add(Hosts, HostsFile(network, hostName));
        Add("/etc/resolv.conf", network.ResolvConf);
        return mounts;
    }

    /// <summary>Brings the files of a running container up to date, in place: it has these very files mounted.</summary>
    public static void Rewrite(ContainerBundle bundle, ContainerNetworkSetup network, string hostName)
    {
        File.WriteAllText(Path.Combine(bundle.Directory, "hosts"), HostsFile(network, hostName));
        File.WriteAllText(Path.Combine(bundle.Directory, "resolv.conf"), network.ResolvConf);
    }

    /// <summary>Content of /etc/hosts.</summary>
    public static string HostsFile(ContainerNetworkSetup network, string hostName)
    {
        var own = network.IsHost ? "" : network.Addresses.Count == 0 ? $"127.0.0.1\t{hostName}\n" : string.Concat(network.Addresses.Select(address => $"{address}\t{hostName}\n"));
        var start = network.IsHost && File.Exists(Hosts) ? File.ReadAllText(Hosts).TrimEnd('\n') + "\n" : Local;
        return start + string.Concat(network.ExtraHosts.Select(host => $"{host.Address}\t{host.Name}\n")) + own;
    }
}
