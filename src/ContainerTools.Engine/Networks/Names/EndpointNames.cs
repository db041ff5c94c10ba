using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Networks.Names;

/// <summary>The names that a container is found by on a network.</summary>
/// <param name="Names">Every name, plain and with the network's name behind it.</param>
/// <param name="Pointer">What its addresses are called.</param>
internal sealed record EndpointNames(IReadOnlyList<string> Names, string Pointer)
{
    private const int ShortIdLength = 12;

    /// <summary>Name, host name, short id and aliases, as Docker answers to.</summary>
    public static EndpointNames Of(ContainerRecord container, NetworkRecord network, EndpointRecord endpoint)
    {
        string[] plain = [container.Name, container.Spec.HostName ?? container.Name, container.Id[..ShortIdLength], .. endpoint.Attachment.Alias];
        var names = plain.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return new([.. names, .. names.Select(name => $"{name}.{network.Name}")], $"{container.Name}.{network.Name}");
    }
}
