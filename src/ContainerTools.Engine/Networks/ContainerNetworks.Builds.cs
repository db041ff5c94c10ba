using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Names;
using ContainerTools.Engine.Networks.Ports;

namespace ContainerTools.Engine.Networks;

/// <content>Networks of RUN steps, which are no containers of the catalogue: their addresses are leased, and their namespaces pinned where the build keeps its own.</content>
internal sealed partial class ContainerNetworks
{
    /// <summary>Judges the network that a build asks for. Throws <c>InvalidNetwork</c>, <c>NetworkNotFound</c>.</summary>
    public void CheckOfBuild(string network)
    {
        switch (NetworkMode.Parse(network).Kind)
        {
            case NetworkModeKind.Container or NetworkModeKind.Path:
                throw NetworkErrors.Invalid("InvalidNetwork", $"'{network}' is not a network of a build.", network, "Use default, none, host or the name of a network.");
            case NetworkModeKind.Networks when network != NetworkMode.Default:
                _ = Store.Get(network);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Makes everything of a RUN step's network that must be there before its command runs, and says what its start needs. When this throws, the bundle may hold a plan of what was made:
    /// see <see cref="Release"/>. <see cref="EndStep"/> gives the addresses back.
    /// </summary>
    /// <param name="network"><c>none</c>, <c>host</c>, or a network's name.</param>
    /// <param name="bundle">The step's bundle.</param>
    /// <param name="workId">The build's work directory.</param>
    public ContainerNetworkSetup StartStep(string network, ContainerBundle bundle, string workId)
    {
        switch (NetworkMode.Parse(network).Kind)
        {
            case NetworkModeKind.None:
                return ContainerNetworkSetup.None;
            case NetworkModeKind.Host:
                return new ContainerNetworkSetup { IsHost = true, NamespacePath = _host.Path, ResolvConf = File.Exists(ResolvConf.HostPath) ? File.ReadAllText(ResolvConf.HostPath) : "" };
            default:
                EnsureDefault(network);
                break;
        }

        var (record, endpoint) = Store.Lease(network, bundle.Id, workId);
        try
        {
            var bridges = new Dictionary<string, int> { [record.Id] = _fabric.Ensure(record) };
            ApplyPolicies();
            var plans = EndpointPlan.Of(bundle.Id, [(record, endpoint)], ByHost());
            var spec = new ContainerSpec { Image = "" };
            var pin = bundle.StateDirectory + ".netns";
            File.WriteAllBytes(bundle.Network, Plan(spec, pin, plans, new PortPlan([], [], []), []).ToJson());
            Link($"A build step cannot be connected to the network '{record.Name}'", network, pin, plans, bridges);
            return Setup(spec, pin, plans, bundle);
        }
        catch
        {
            Release(bundle);
            EndStep(bundle.Id);
            throw;
        }
    }

    /// <summary>Gives the addresses of a RUN step back, which has come to its end.</summary>
    public void EndStep(string stepId)
    {
        Store.GiveBack(stepId);
        ApplyPolicies();
    }
}
