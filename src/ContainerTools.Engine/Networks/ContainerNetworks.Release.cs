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

            if (plan.Namespace is { } pin)
            {
                NetworkNamespace.Unpin(pin);
            }
        }

        File.Delete(bundle.Network);
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
