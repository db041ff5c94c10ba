using System.Text.Json;
using ContainerTools.Engine.Containers;
using ContainerTools.Linux;
using ContainerTools.Linux.Netlink;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Networks;

/// <content>What the monitor does at a container's end, for those whose monitor could not.</content>
internal sealed partial class ContainerNetworks
{
    /// <summary>
    /// Takes away what a container has of networks, by the plan in its bundle; nothing happens when there is none, for then its monitor has done it, and the ports may be somebody else's.
    /// The container must not run.
    /// </summary>
    public static void Release(ContainerBundle bundle)
    {
        if (!File.Exists(bundle.Network))
        {
            return;
        }

        if (TryRead(bundle.Network) is { } plan)
        {
            foreach (var file in plan.NameFiles.Where(File.Exists))
            {
                File.Delete(file);
            }

            if (plan.FirewallRemoval is { } removal)
            {
                RemoveRules(plan.HostNamespace ?? "/proc/self/ns/net", removal);
            }

            if (plan.Namespace is { } pin)
            {
                NetworkNamespace.Unpin(pin);
            }
        }

        File.Delete(bundle.Network);
    }

    private static void RemoveRules(string hostNamespace, ReadOnlyMemory<byte> removal)
    {
        NetworkNamespace host;
        try
        {
            host = NetworkNamespace.Open(hostNamespace);
        }
        catch (LinuxException error) when (error.Errno is LinuxError.NotFound or LinuxError.InvalidArgument)
        {
            // The namespace is gone, and its rules with it.
            return;
        }

        using (host)
        {
            NetworkRules.Remove(host, removal);
        }
    }

    private static MonitorNetwork? TryRead(string path)
    {
        try
        {
            return MonitorNetwork.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            // Half written when its writer was killed, before anything of it was made.
            return null;
        }
    }
}
