using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Starting;

/// <summary>What a child writes to its report descriptor: the operation that failed and why, or <see cref="Ready"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ChildReport : IEquatable<ChildReport>
{
    /// <summary>Index that says: everything before the start signal is done.</summary>
    public const int Ready = -1;

    /// <summary>Index that says: another child goes on, whose pid takes the place of the errno.</summary>
    public const int WentOn = -2;

    /// <summary>Index of the failed operation, <see cref="Ready"/> or <see cref="WentOn"/>.</summary>
    public int Index { get; set; }

    /// <summary>errno of the failed operation, or the pid.</summary>
    public int Errno { get; set; }

    /// <inheritdoc/>
    public readonly bool Equals(ChildReport other) => Index == other.Index && Errno == other.Errno;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is ChildReport other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Index, Errno);

    /// <summary>Equality.</summary>
    public static bool operator ==(ChildReport left, ChildReport right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(ChildReport left, ChildReport right) => !left.Equals(right);
}
