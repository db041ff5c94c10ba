namespace ContainerTools.Linux.Firewall;

/// <summary>Finds what this host has to talk to its nftables.</summary>
public static class Nftables
{
    /// <summary>Returns the library <c>libnftables.so.1</c> (libnftables(3)), or else the program <c>nft</c>.</summary>
    /// <exception cref="NftablesException">The host has neither.</exception>
    public static INftables Open() =>
        (INftables?)NftablesLibrary.TryOpen()
        ?? NftablesProgram.TryFind()
        ?? throw new NftablesException("This host has neither libnftables.so.1 nor the program nft, so no firewall rules can be made. Install the package libnftables1 or nftables.");
}
