namespace ContainerTools.Engine.Networks.Policies;

/// <summary>A container's place on a bridge network, as policies look at it.</summary>
/// <param name="NetworkId">Id of the network.</param>
/// <param name="NetworkName">Its name.</param>
/// <param name="Addresses">The container's addresses there.</param>
/// <param name="Labels">The container's labels, those of its image among them.</param>
internal sealed record PolicyMember(string NetworkId, string NetworkName, IReadOnlyList<string> Addresses, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Whether a selector chooses it.</summary>
    public bool Fits(PolicySelector selector) =>
        (selector.Network is null || selector.Network == NetworkName)
        && selector.Labels.All(wanted => Labels.TryGetValue(wanted.Key, out var value) && (wanted.Value is null || wanted.Value == value));
}
