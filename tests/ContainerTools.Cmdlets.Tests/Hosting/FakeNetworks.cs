namespace ContainerTools.Cmdlets.Tests;

internal sealed class FakeNetworks(FakeContainers containers) : INetworkOperations
{
    public List<ContainerNetwork> All { get; } = [];

    public List<NetworkPolicy> Policies { get; } = [];

    /// <summary>What was asked for, in order.</summary>
    public List<string> Calls { get; } = [];

    public NetworkSpec? LastSpec { get; private set; }

    public NetworkAttachment? LastAttachment { get; private set; }

    public NetworkChange? LastChange { get; private set; }

    public ConnectionTestRequest? LastTest { get; private set; }

    /// <summary>What every connection test finds out; null means that the target was reached.</summary>
    public string? Unreachable { get; set; }

    public IReadOnlyList<RepairAction> Faults { get; set; } = [];

    public ContainerNetwork Add(string name, NetworkDriver driver = NetworkDriver.Bridge, Dictionary<string, string>? labels = null, params string[] members)
    {
        var id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("network " + name)));
        var network = new ContainerNetwork
        {
            Id = id,
            Name = name,
            Driver = driver,
            Subnet = [new NetworkSubnet { Subnet = "10.89.4.0/24", Gateway = "10.89.4.1", IPRange = "10.89.4.0/24" }],
            Endpoint = [.. members.Select((member, index) => Endpoint(id, name, containers.Get(member), $"10.89.4.{index + 2}"))],
            Labels = labels ?? [],
            Spec = new NetworkSpec { Name = name },
        };
        All.Add(network);
        return network;
    }

    public IReadOnlyList<ContainerNetwork> List() => All;

    public ContainerNetwork Get(string network) => All.Find(n => n.Name == network || n.Id.StartsWith(network, StringComparison.Ordinal))
        ?? throw new ContainerToolsException(ErrorKind.NotFound, "NetworkNotFound", $"No network '{network}'.", network, "Look again.");

    public ContainerNetwork Create(NetworkSpec spec)
    {
        LastSpec = spec;
        Calls.Add($"create {spec.Name}");
        return Add(spec.Name, spec.Driver);
    }

    public ContainerNetwork Change(string network, NetworkChange change)
    {
        LastChange = change;
        Calls.Add($"change {Get(network).Name}");
        return Get(network);
    }

    public void Remove(string network, bool force)
    {
        var found = Get(network);
        if (found.Endpoint.Count > 0 && !force)
        {
            throw new ContainerToolsException(ErrorKind.Conflict, "NetworkInUse", $"The network '{found.Name}' is in use.", found.Name, "Disconnect its containers.");
        }

        Calls.Add($"remove {found.Name}");
        All.Remove(found);
    }

    public NetworkEndpoint Connect(string container, NetworkAttachment attachment)
    {
        LastAttachment = attachment;
        var network = Get(attachment.Name);
        Calls.Add($"connect {containers.Get(container).Name} {network.Name}");
        return Endpoint(network.Id, network.Name, containers.Get(container), attachment.IPAddress ?? "10.89.4.9");
    }

    public void Disconnect(string container, string network) => Calls.Add($"disconnect {containers.Get(container).Name} {Get(network).Name}");

    public Container Publish(string container, IReadOnlyList<PortMapping> ports)
    {
        var found = containers.Get(container);
        Calls.Add($"publish {found.Name} {string.Join(' ', ports)}".TrimEnd());
        return found with { Port = ports };
    }

    public IReadOnlyList<RepairAction> Repair(bool apply)
    {
        if (apply)
        {
            Calls.Add("repair");
        }

        return [.. Faults.Select(fault => fault with { Repaired = apply })];
    }

    public Task<ConnectionTestResult> TestConnectionAsync(ConnectionTestRequest request, CancellationToken cancellationToken)
    {
        LastTest = request;
        return Task.FromResult(new ConnectionTestResult
        {
            Container = request.Container,
            Target = request.Target,
            Port = request.Port,
            Protocol = request.Protocol,
            Succeeded = Unreachable is null,
            Reason = Unreachable,
            Step = [new ConnectionTestStep("Name", Unreachable is null, "looked up")],
        });
    }

    public IReadOnlyList<NetworkPolicy> ListPolicies() => Policies;

    public NetworkPolicy AddPolicy(NetworkPolicy policy)
    {
        Policies.Add(policy);
        return policy;
    }

    public void RemovePolicy(string name)
    {
        Policies.RemoveAll(policy => policy.Name == name);
        Calls.Add($"remove policy {name}");
    }

    private static NetworkEndpoint Endpoint(string networkId, string network, Container container, string address) => new()
    {
        Network = network, NetworkId = networkId, Container = container.Name, ContainerId = container.Id, IPAddress = address, Address = [address], InterfaceName = "eth0",
    };
}
