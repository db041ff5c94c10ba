namespace ContainerTools.Linux.Firewall;

/// <summary>
/// Executes nftables commands (nft(8)) in the network namespace of the calling thread. To work in another namespace, call it on a thread that has entered that
/// namespace: every call opens its netlink socket anew, on the thread that calls.
/// </summary>
public interface INftables
{
    /// <summary>Executes commands as one transaction and returns what they print.</summary>
    /// <param name="commands">Lines in the syntax of nft(8). What goes into them from outside must have been validated.</param>
    /// <exception cref="NftablesException">A command was refused, and nothing was changed; or the kernel has no nftables.</exception>
    /// <exception cref="LinuxException">A system call failed.</exception>
    string Run(string commands);
}
