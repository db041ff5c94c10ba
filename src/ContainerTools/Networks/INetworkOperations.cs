namespace ContainerTools;

/// <summary>
/// Networks of the store. A network is named by its name, id or unique id prefix. The network <c>default</c> is made when it is first needed. Every method throws
/// <see cref="ContainerToolsException"/>.
/// </summary>
public interface INetworkOperations
{
    /// <summary>All networks, by name.</summary>
    IReadOnlyList<ContainerNetwork> List();

    /// <summary>One network. Throws <c>NetworkNotFound</c>, <c>NetworkIdAmbiguous</c>.</summary>
    ContainerNetwork Get(string network);

    /// <summary>
    /// Makes a network. Throws <c>NetworkNameInUse</c>, <c>InvalidNetworkName</c>, <c>InvalidSubnet</c>, <c>InvalidGateway</c>, <c>InvalidAddressRange</c>, <c>InvalidReservedAddress</c>,
    /// <c>SubnetInUse</c>, <c>AddressPoolExhausted</c>, <c>ParentNotFound</c>, <c>ParentInUse</c>, <c>ParentDown</c>, <c>VlanInUse</c>,
    /// <c>InterfaceNameInUse</c>, <c>VrfNotFound</c>, <c>VlanUnavailable</c>, <c>VlanFilteringUnavailable</c>, <c>InvalidNetworkOption</c>.
    /// </summary>
    ContainerNetwork Create(NetworkSpec spec);

    /// <summary>Changes a network. Throws <c>NetworkNotFound</c>, <c>InvalidNetworkOption</c>.</summary>
    ContainerNetwork Change(string network, NetworkChange change);

    /// <summary>Removes a network with its bridge and rules, or the VLAN that was made upon its parent if no other network is on it. Throws <c>NetworkNotFound</c>, and <c>NetworkInUse</c> unless <paramref name="force"/>, which disconnects its containers.</summary>
    void Remove(string network, bool force);

    /// <summary>
    /// Connects a container, at once if it runs. Throws <c>NetworkNotFound</c>, <c>ContainerNotFound</c>, <c>AlreadyConnected</c>, <c>AddressNotAssignable</c>, <c>AddressInUse</c>, <c>NetworkFull</c>,
    /// <c>MacAddressInUse</c>, <c>MacAddressNotAssignable</c>, <c>NetworkModeFixed</c>.
    /// </summary>
    /// <param name="container">Name or id.</param>
    /// <param name="attachment">The network, and how.</param>
    NetworkEndpoint Connect(string container, NetworkAttachment attachment);

    /// <summary>Disconnects a container, at once if it runs. Throws <c>NetworkNotFound</c>, <c>ContainerNotFound</c>, <c>NotConnected</c>.</summary>
    void Disconnect(string container, string network);

    /// <summary>Publishes these ports of a container, in place of those it publishes, at once if it runs. Throws <c>InvalidPort</c>, <c>PortInUse</c>, <c>PublishNeedsBridge</c>.</summary>
    Container Publish(string container, IReadOnlyList<PortMapping> ports);

    /// <summary>Finds what is missing or wrong of bridges, links, rules and settings of networks in use, as after a flush of the firewall, and mends it when <paramref name="apply"/> is set.</summary>
    IReadOnlyList<RepairAction> Repair(bool apply);

    /// <summary>Finds out whether a container reaches a target, and if not, why. Throws <c>ContainerNotFound</c>, <c>ContainerNotRunning</c>.</summary>
    Task<ConnectionTestResult> TestConnectionAsync(ConnectionTestRequest request, CancellationToken cancellationToken);

    /// <summary>All policies, by name.</summary>
    IReadOnlyList<NetworkPolicy> ListPolicies();

    /// <summary>Adds a policy, which holds at once. Throws <c>PolicyNameInUse</c>, <c>InvalidPolicy</c>, <c>NetworkNotFound</c>.</summary>
    NetworkPolicy AddPolicy(NetworkPolicy policy);

    /// <summary>Removes a policy. Throws <c>PolicyNotFound</c>.</summary>
    void RemovePolicy(string name);
}
