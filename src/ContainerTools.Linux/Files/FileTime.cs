namespace ContainerTools.Linux;

/// <summary>A file time (timespec(3)): seconds since 1970 and nanoseconds.</summary>
/// <param name="Seconds">Seconds since 1970-01-01T00:00:00Z, negative before.</param>
/// <param name="Nanoseconds">0 to 999999999, forward from the second.</param>
public readonly record struct FileTime(long Seconds, int Nanoseconds) : IComparable<FileTime>
{
    /// <summary>The time of <paramref name="time"/>.</summary>
    public static FileTime From(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return rest < 0 ? new FileTime(seconds - 1, (int)(rest + TimeSpan.TicksPerSecond) * 100) : new FileTime(seconds, (int)rest * 100);
    }

    /// <inheritdoc/>
    public int CompareTo(FileTime other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Earlier.</summary>
    public static bool operator <(FileTime left, FileTime right) => left.CompareTo(right) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(FileTime left, FileTime right) => left.CompareTo(right) > 0;

    /// <summary>Earlier or equal.</summary>
    public static bool operator <=(FileTime left, FileTime right) => left.CompareTo(right) <= 0;

    /// <summary>Later or equal.</summary>
    public static bool operator >=(FileTime left, FileTime right) => left.CompareTo(right) >= 0;
}
