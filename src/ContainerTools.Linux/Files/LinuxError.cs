using System.Runtime.InteropServices;

namespace ContainerTools.Linux;

/// <summary>Numbers of errno(3) that callers tell apart; the same on every architecture .NET runs on.</summary>
public static class LinuxError
{
    /// <summary>EPERM.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT.</summary>
    public const int NotFound = 2;

    /// <summary>EINTR.</summary>
    public const int Interrupted = 4;

    /// <summary>EAGAIN, EWOULDBLOCK.</summary>
    public const int WouldBlock = 11;

    /// <summary>ENOMEM.</summary>
    public const int NoMemory = 12;

    /// <summary>EACCES.</summary>
    public const int AccessDenied = 13;

    /// <summary>EBUSY.</summary>
    public const int Busy = 16;

    /// <summary>EEXIST.</summary>
    public const int Exists = 17;

    /// <summary>EXDEV.</summary>
    public const int CrossDevice = 18;

    /// <summary>ENODEV: no such link.</summary>
    public const int NoDevice = 19;

    /// <summary>ENOTDIR.</summary>
    public const int NotDirectory = 20;

    /// <summary>EISDIR.</summary>
    public const int IsDirectory = 21;

    /// <summary>EINVAL.</summary>
    public const int InvalidArgument = 22;

    /// <summary>ENOSPC.</summary>
    public const int NoSpace = 28;

    /// <summary>ERANGE.</summary>
    public const int Range = 34;

    /// <summary>ENAMETOOLONG.</summary>
    public const int NameTooLong = 36;

    /// <summary>ENOTEMPTY.</summary>
    public const int NotEmpty = 39;

    /// <summary>ELOOP.</summary>
    public const int Loop = 40;

    /// <summary>ENODATA: no such extended attribute.</summary>
    public const int NoData = 61;

    /// <summary>EPROTONOSUPPORT.</summary>
    public const int ProtocolNotSupported = 93;

    /// <summary>EOPNOTSUPP.</summary>
    public const int NotSupported = 95;

    /// <summary>EAFNOSUPPORT.</summary>
    public const int FamilyNotSupported = 97;

    /// <summary>ENOBUFS.</summary>
    public const int NoBufferSpace = 105;

    /// <summary>EDQUOT.</summary>
    public const int QuotaExceeded = 122;

    /// <summary>The error the last system call of this thread left.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();
}
