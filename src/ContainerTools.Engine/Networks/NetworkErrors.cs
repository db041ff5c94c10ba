using ContainerTools.Linux;
using ContainerTools.Linux.Firewall;

namespace ContainerTools.Engine.Networks;

/// <summary>Errors of networks that are thrown in several places.</summary>
internal static class NetworkErrors
{
    public static ContainerToolsException ParentNotFound(string parent) => new(
        ErrorKind.NotFound, "ParentNotFound", $"The host has no link '{parent}'.", parent, "Name a link that 'ip link' lists.");

    public static ContainerToolsException Invalid(string code, string message, object? target, string? mend = null) => new(ErrorKind.InvalidArgument, code, message, target, mend);

    /// <summary>Runs a change of links or rules; errors of the kernel and of nftables become the caller's.</summary>
    public static T Translate<T>(string what, object? target, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NftablesException error)
        {
            throw new ContainerToolsException(ErrorKind.Unavailable, "FirewallUnavailable", $"{what}: {error.Message}", target, "Test-ContainerEngine says what this host lacks.", error);
        }
        catch (LinuxException error)
        {
            throw new ContainerToolsException(
                error.Errno == LinuxError.NotPermitted ? ErrorKind.PermissionDenied : ErrorKind.Unavailable, "NetworkSetupFailed", $"{what}: {error.Message}", target, "Test-ContainerEngine says what this host lacks.", error)
            { Errno = error.Errno, Syscall = error.Syscall, Path = error.Path };
        }
    }
}
