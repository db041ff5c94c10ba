using System.Security.Cryptography;
using ContainerTools.Linux;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Storage;

/// <summary>Turns errors of the kernel, of formats and of streams into the engine's one error type.</summary>
internal static class StoreErrors
{
    /// <summary>The error to throw for <paramref name="error"/>, which happened on <paramref name="subject"/>.</summary>
    public static Exception Translate(Exception error, string subject) => error switch
    {
        ContainerToolsException or OperationCanceledException => error,
        AggregateException { InnerExceptions: [var inner, ..] } => Translate(inner, subject),
        OciFormatException format => new ContainerToolsException(
            ErrorKindOf(format.Code), format.Code, $"{subject}: {format.Message}", subject, ActionFor(format.Code), format),
        LinuxException kernel => FromErrno(kernel.Errno, $"{subject}: {kernel.Message}", subject, kernel),
        InvalidDataException or ZstdSharp.ZstdException or SharpCompress.Common.SharpCompressException => new ContainerToolsException(
            ErrorKind.DataLoss, "CompressionDamaged", $"{subject}: the compressed data is damaged: {error.Message}", subject, "Fetch the file again.", error),
        EndOfStreamException => new ContainerToolsException(
            ErrorKind.DataLoss, "ArchiveTruncated", $"{subject}: the data ends too early.", subject, "Fetch the file again.", error),
        FileNotFoundException or DirectoryNotFoundException => new ContainerToolsException(
            ErrorKind.NotFound, "PathNotFound", $"{subject}: {error.Message}", subject, null, error),
        UnauthorizedAccessException => new ContainerToolsException(
            ErrorKind.PermissionDenied, "PermissionDenied", $"{subject}: {error.Message}", subject, "Run as root.", error),
        IOException io => FromErrno(io.HResult & 0xffff, $"{subject}: {io.Message}", subject, io),
        CryptographicException => new ContainerToolsException(ErrorKind.Internal, "HashFailed", $"{subject}: {error.Message}", subject, null, error),
        _ => error,
    };

    /// <summary>A digest that is not what was promised.</summary>
    public static ContainerToolsException DigestMismatch(string subject, string what, Digest expected, Digest actual) => new(
        ErrorKind.DataLoss,
        "DigestMismatch",
        $"{subject}: the digest of {what} is {actual}, but {expected} is expected.",
        subject,
        "The data is damaged or was changed; fetch it again from a source you trust.");

    private static ContainerToolsException FromErrno(int errno, string message, string subject, Exception cause)
    {
        var (kind, code, action) = errno switch
        {
            LinuxError.NoSpace or LinuxError.QuotaExceeded => (
                ErrorKind.ResourceExhausted, "NoSpace", "Free disk space, remove unused images, or move the store to a larger file system."),
            LinuxError.NotPermitted or LinuxError.AccessDenied => (ErrorKind.PermissionDenied, "PermissionDenied", "Run as root."),
            LinuxError.NotFound => (ErrorKind.NotFound, "PathNotFound", null),
            LinuxError.Loop => (ErrorKind.InvalidArgument, "LinkLoop", "The archive holds symbolic links that point at each other; rebuild it."),
            LinuxError.NameTooLong => (ErrorKind.InvalidArgument, "NameTooLong", "A path has more than 4095 bytes, or a name more than 255."),
            LinuxError.NotSupported => (ErrorKind.NotSupported, "FileSystemNotSupported", "Put the store on ext4, XFS or btrfs."),
            _ => (ErrorKind.Internal, "SystemCallFailed", (string?)null),
        };
        var kernel = cause as LinuxException;
        return new ContainerToolsException(kind, code, message, subject, action, cause) { Errno = errno, Syscall = kernel?.Syscall, Path = kernel?.Path };
    }

    private static ErrorKind ErrorKindOf(string code) => code switch
    {
        "TarTruncated" or "InvalidTar" => ErrorKind.DataLoss,
        "TarNotSupported" => ErrorKind.NotSupported,
        _ => ErrorKind.InvalidArgument,
    };

    private static string? ActionFor(string code) => code switch
    {
        "TarTruncated" => "Fetch the archive again; it is not complete.",
        "InvalidTar" => "Check that the file is a tar archive, and fetch it again.",
        "TarNotSupported" => "Write the archive again with plain entries (tar without --sparse).",
        "InvalidImageReference" => "Write the name as [registry/]repository[:tag][@sha256:digest].",
        _ => null,
    };
}
