using System.Net;
using System.Net.Sockets;
using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Networks.Links;
using ContainerTools.Engine.Networks.Names;
using ContainerTools.Linux.Netlink;
using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Engine.Networks.Testing;

/// <summary>Follows the way from one container to a target, as the container itself would go it: name, route, rule, listener.</summary>
/// <param name="context">Containers.</param>
/// <param name="networks">Networks.</param>
/// <param name="source">Who asks.</param>
/// <param name="runtime">Its process.</param>
/// <param name="request">What is asked.</param>
internal sealed class ConnectionTest(ContainerContext context, ContainerNetworks networks, ContainerRecord source, ContainerRuntimeState runtime, ConnectionTestRequest request)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(3);
    private readonly List<ConnectionTestStep> _steps = [];
    private readonly IReadOnlyList<EndpointPlan> _plans = networks.PlansOf(source.Id);
    private IPAddress? _address;
    private string? _reason;

    private TimeSpan Timeout => request.Timeout ?? DefaultTimeout;

    public ConnectionTestResult Run(CancellationToken cancellationToken)
    {
        using var own = NetworkNamespace.Open($"/proc/{runtime.Pid}/ns/net");
        var target = context.Store.Find(request.Target) ?? FindByName();
        var succeeded = FindAddress(own, target) && FindRoute(own) && Reach(own, target, cancellationToken);
        return new ConnectionTestResult
        {
            Container = source.Name,
            Target = request.Target,
            Port = request.Port,
            Protocol = request.Protocol,
            Address = _address?.ToString(),
            Succeeded = succeeded,
            Step = _steps,
            Reason = succeeded ? null : _reason,
        };
    }

    private bool FindAddress(NetworkNamespace own, ContainerRecord? target)
    {
        if (IPAddress.TryParse(request.Target, out _address))
        {
            return Pass("Name", $"{_address} is an address");
        }

        if (target is not null)
        {
            if (!ContainerStatus.Of(context.BundleOf(target.Id)).IsRunning)
            {
                return Fail("Name", $"container '{target.Name}' does not run", $"Start it: Start-Container {target.Name}.");
            }

            var there = networks.PlansOf(target.Id);
            if (!there.Any(plan => _plans.Any(mine => mine.Network.Id == plan.Network.Id)))
            {
                return Fail(
                    "Name",
                    $"container '{target.Name}' is on {Names(there)}, and '{source.Name}' on {Names(_plans)}: they have no network in common",
                    there.Count > 0 ? $"Connect-ContainerNetwork {there[0].Network.Name} {source.Name}" : $"Make '{target.Name}' on a network.");
            }
        }

        if (_plans.All(plan => plan.Network.Spec.NoDns))
        {
            return Fail("Name", $"no network of '{source.Name}' has a resolver", "Ask for the address, or use a network that was not made with -NoDns.");
        }

        try
        {
            var found = own.Run(() => NameQuery.Ask(IPAddress.Parse(ResolvConf.Resolver), request.Target, Timeout));
            _address = found.Count > 0 ? found[0] : null;
            return _address is null
                ? Fail("Name", $"'{request.Target}' has no address", "Check the spelling: a container is found by name, alias, host name or short id on a network in common, other names by the host's name servers.")
                : Pass("Name", $"'{request.Target}' is {string.Join(", ", found)}");
        }
        catch (SocketException error)
        {
            return Fail("Name", $"the resolver at {ResolvConf.Resolver} does not answer: {error.SocketErrorCode}", $"Restart the container: Restart-Container {source.Name}.");
        }
    }

    private bool FindRoute(NetworkNamespace own)
    {
        using var inside = NetlinkSocket.Open(own);
        var links = inside.GetLinks().ToDictionary(link => link.Index);
        var route = inside.GetRoutes().Where(route => route.Destination.Contains(_address!)).OrderByDescending(route => route.Destination.PrefixLength).ThenBy(route => route.Metric ?? 0).FirstOrDefault();
        if (route is null && !IPAddress.IsLoopback(_address!) && !_plans.Any(plan => plan.Endpoint.Addresses.Contains(_address!)))
        {
            return Fail(
                "Route",
                $"'{source.Name}' has no route to {_address}",
                _plans.All(plan => !plan.HasDefaultRoute) ? "Its networks are internal: connect it to one that leads outside." : "Connect it to a network that leads there.");
        }

        var link = route?.Link is { } index && links.TryGetValue(index, out var found) ? found.Name : "lo";
        return Pass("Route", route?.Gateway is { } gateway ? $"{_address} is reached by {gateway} on {link}" : $"{_address} is on {link}");
    }

    private bool Reach(NetworkNamespace own, ContainerRecord? target, CancellationToken cancellationToken)
    {
        var listeners = target is null || request.Port is null ? null : Listeners(target);
        switch (own.Run(() => ConnectionAttempt.Try(_address!, request.Port, request.Protocol, Timeout, cancellationToken)))
        {
            case SocketError.Success when request is { Protocol: PortProtocol.Udp, Port: not null } && listeners is { Count: 0 }:
                Pass("Rule", "nothing was refused");
                return Unheard(target!, listeners);
            case SocketError.Success:
                Pass("Rule", "packets go through");
                return Pass("Listener", request.Port is null ? "it answers" : request.Protocol == PortProtocol.Udp && listeners is null ? "nothing was refused; UDP tells no more" : $"port {request.Port} is served");
            case SocketError.ConnectionRefused:
                Pass("Rule", "packets go through");
                return Unheard(target, listeners);
            case SocketError.HostUnreachable or SocketError.NetworkUnreachable:
                return Fail("Rule", $"nobody has the address {_address} there, or a rule refuses", target is null ? "Check that the other side is up." : $"Repair-ContainerNetwork mends links; Restart-Container {target.Name} makes them anew.");
            case SocketError.TimedOut:
                return Silent(target, listeners);
            case var error:
                return Fail("Rule", $"the attempt failed: {error}", "Test-ContainerEngine says what this host lacks.");
        }
    }

    private bool Unheard(ContainerRecord? target, IReadOnlyList<ListeningSocket>? listeners) => Fail(
        "Listener",
        listeners is { Count: > 0 } ? $"port {request.Port} of '{target!.Name}' is served on {string.Join(", ", listeners.Select(socket => socket.Address))} only" : $"nothing listens on port {request.Port}/{request.Protocol.ToString().ToLowerInvariant()}",
        listeners is { Count: > 0 } ? "Have the program listen on 0.0.0.0 or ::." : "Check that the program has started, and its port.");

    private bool Silent(ContainerRecord? target, IReadOnlyList<ListeningSocket>? listeners)
    {
        var common = target is null ? [] : networks.PlansOf(target.Id).Where(plan => plan.Endpoint.Addresses.Contains(_address!)).ToList();
        if (common.Find(plan => !plan.Network.Spec.Icc) is { } apart)
        {
            return Fail("Rule", $"the network '{apart.Network.Name}' keeps its containers apart (-Icc:$false)", "Put both on a network without that.");
        }

        var policies = networks.Policies.List();
        return Fail(
            "Rule",
            $"packets to {_address} are not answered",
            policies.Count > 0 ? $"Look at the policies: {string.Join(", ", policies.Select(policy => policy.Name))} (Get-ContainerNetworkPolicy)."
            : listeners is { Count: > 0 } ? "A firewall of the host's or in the container drops them: nft list ruleset."
            : "A firewall drops them, or the other side is down: nft list ruleset; Repair-ContainerNetwork -WhatIf.");
    }

    /// <summary>Sockets on the port, whatever their address; null when they cannot be seen.</summary>
    private IReadOnlyList<ListeningSocket>? Listeners(ContainerRecord target) => ContainerStatus.Of(context.BundleOf(target.Id)).Runtime is { } other
        ? [.. ListeningSocket.Of(other.Pid, request.Protocol).Where(socket => socket.Port == request.Port)]
        : null;

    private ContainerRecord? FindByName() => context.Store.List().FirstOrDefault(container => networks.PlansOf(container.Id).Any(plan =>
        _plans.Any(mine => mine.Network.Id == plan.Network.Id) && EndpointNames.Of(container, plan.Network, plan.Endpoint).Names.Contains(request.Target, StringComparer.OrdinalIgnoreCase)));

    private static string Names(IReadOnlyList<EndpointPlan> plans) => plans.Count == 0 ? "no network" : string.Join(", ", plans.Select(plan => $"'{plan.Network.Name}'"));

    private bool Pass(string step, string message)
    {
        _steps.Add(new ConnectionTestStep(step, true, message));
        return true;
    }

    private bool Fail(string step, string message, string mend)
    {
        _steps.Add(new ConnectionTestStep(step, false, message));
        _reason = $"{char.ToUpperInvariant(message[0])}{message[1..]}. {mend}";
        return false;
    }
}
