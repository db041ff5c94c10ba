using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Firewall;

/// <summary>nftables refused commands, or is not to be had. The message reads <c>nftables: No such file or directory, in line 2: add element …</c>.</summary>
public sealed class NftablesException : Exception
{
    /// <summary>Makes an error that is about no line.</summary>
    public NftablesException(string message)
        : base(message) => Reason = message;

    /// <summary>Makes the error of a line.</summary>
    /// <param name="reason">What nft says.</param>
    /// <param name="lineNumber">Number of the line, from 1; 0 when nft names none.</param>
    /// <param name="line">The line.</param>
    public NftablesException(string reason, int lineNumber, string line)
        : base(lineNumber > 0 ? $"nftables: {reason}, in line {lineNumber}: {line.Trim()}" : $"nftables: {reason}")
    {
        Reason = reason;
        LineNumber = lineNumber;
        Line = line;
    }

    private NftablesException(string reason, LinuxException error)
        : base($"nftables: {reason}", error)
    {
        Reason = reason;
        Errno = error.Errno;
    }

    /// <summary>errno(3) of what the kernel refused; 0 when nft refused.</summary>
    public int Errno { get; }

    /// <summary>nft's own words, without the place.</summary>
    public string Reason { get; }

    /// <summary>Number of the line concerned, from 1; 0 when none is known.</summary>
    public int LineNumber { get; }

    /// <summary>The line concerned, or an empty string.</summary>
    public string Line { get; } = "";

    /// <summary>What an error of nfnetlink means to whoever changes rules: EPERM and those of system calls stay what they are.</summary>
    internal static Exception From(LinuxException error) => error.Errno switch
    {
        LinuxError.NotPermitted => error,
        LinuxError.NotSupported when error.Syscall == Nfnetlink.NfnetlinkBatch.BeginName => Missing(error),
        LinuxError.ProtocolNotSupported or LinuxError.FamilyNotSupported when error.Syscall == "socket" => Missing(error),
        _ when error.Syscall.StartsWith("NFT_MSG_", StringComparison.Ordinal) => new NftablesException(error.Message, error),
        _ => error,
    };

    /// <summary>The error of a kernel without nftables, with the mend.</summary>
    internal static NftablesException Missing(LinuxException error) => new(
        $"This kernel has no nftables ({Marshal.GetPInvokeErrorMessage(error.Errno)}, errno {error.Errno}), so no firewall rules can be made. Load its module (modprobe nf_tables), or start a kernel built with CONFIG_NF_TABLES and CONFIG_NF_TABLES_INET.");
}
