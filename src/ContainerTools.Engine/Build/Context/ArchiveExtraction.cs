using System.Formats.Tar;
using ContainerTools.Engine.Storage;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Build.Context;

/// <summary>Unpacks local tar archives (plain, gzip, xz, zstd) for ADD, all by code of this process: no program of the host or an image is run.</summary>
internal static class ArchiveExtraction
{
    private const long MaximumBytes = 64L << 30;
    private const int MaximumEntries = 1_000_000;
    private const int MagicOffset = 257;

    /// <summary>True when ADD unpacks the file. Recognised by content, whatever its name.</summary>
    public static bool IsArchive(string path)
    {
        Span<byte> head = stackalloc byte[512];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.Length > MagicOffset + 5 && head[MagicOffset..].StartsWith("ustar"u8))
        {
            return true;
        }

        var compression = Compression.Detect(head);
        if (compression == CompressionKind.None)
        {
            return false;
        }

        if (compression == CompressionKind.Bzip2)
        {
            throw new UnsupportedFeatureException("ADD of bzip2 archives is not supported");
        }

        file.Position = 0;
        try
        {
            using var content = Compression.Open(file, compression);
            var inner = new byte[512];
            return content.ReadAtLeast(inner, inner.Length, throwOnEndOfStream: false) == inner.Length && inner.AsSpan(MagicOffset).StartsWith("ustar"u8);
        }
        catch (Exception error) when (IsDamage(error))
        {
            return false;
        }
    }

    /// <summary>Unpacks into <paramref name="destination"/>. An entry that leads outside is an error and nothing of it is made.</summary>
    public static void Extract(string path, LayerWriter writer, string destination, NodeOwner? owner, Func<int, bool, int>? mode, CancellationToken cancellationToken)
    {
        try
        {
            ExtractAll(path, writer, destination, owner, mode, cancellationToken);
        }
        catch (Exception error) when (error is not InvalidDataException && IsDamage(error))
        {
            throw new InvalidDataException($"the archive is damaged: {error.Message}", error);
        }
    }

    private static void ExtractAll(string path, LayerWriter writer, string destination, NodeOwner? owner, Func<int, bool, int>? mode, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        Span<byte> head = stackalloc byte[Compression.MagicLength];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        using var content = Compression.Open(file, Compression.Detect(head));
        using var tar = new TarReader(content);
        var (entries, bytes) = (0, 0L);
        while (tar.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bytes += entry.Length;
            if (++entries > MaximumEntries || bytes > MaximumBytes)
            {
                throw new InvalidDataException($"the archive holds more than {MaximumEntries} entries or {MaximumBytes >> 30} GiB");
            }

            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
            {
                continue;
            }

            if (SourceSelection.IsOutside(entry.Name) || entry.Name.StartsWith('/') || entry.EntryType == TarEntryType.HardLink && SourceSelection.IsOutside(entry.LinkName))
            {
                throw new InvalidDataException($"the entry '{entry.Name}' leads out of the archive");
            }

            Extract(entry, writer, destination, owner ?? new NodeOwner((uint)entry.Uid, (uint)entry.Gid), mode);
        }

        Drain(content);
    }

    private static void Extract(TarEntry entry, LayerWriter writer, string destination, NodeOwner owner, Func<int, bool, int>? mode)
    {
        var path = $"{destination}/{entry.Name}";
        var directory = entry.EntryType == TarEntryType.Directory;
        var bits = mode?.Invoke((int)entry.Mode, directory) ?? (int)entry.Mode;
        var ticks = entry.ModificationTime.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var time = (Seconds: (long)Math.Floor(ticks / (double)TimeSpan.TicksPerSecond), Nanoseconds: 0u);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                if (writer.Tree.Find(path) is null)
                {
                    var place = writer.MakeDirectory(path);
                    var made = writer.Tree.Find(place)!.HostPath;
                    NodeWriter.SetOwner(made, owner.UserId, owner.GroupId);
                    NodeWriter.SetMode(made, bits);
                    writer.KeepTime(place, time);
                }

                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                writer.WriteFile(path, stream => entry.DataStream?.CopyTo(stream), owner, bits, time);
                break;
            case TarEntryType.SymbolicLink:
                var link = writer.Replaceable(path, followLink: false);
                NodeWriter.MakeLink(link, entry.LinkName);
                NodeWriter.SetOwner(link, owner.UserId, owner.GroupId);
                NodeWriter.SetTime(link, time);
                break;
            case TarEntryType.HardLink:
                var existing = writer.Tree.Find($"{destination}/{entry.LinkName}", followLast: false);
                if (existing is not { Status.Kind: NodeKind.File })
                {
                    throw new InvalidDataException($"the hard link '{entry.Name}' names '{entry.LinkName}', which is no file of the archive");
                }

                writer.Copy(existing, path, new NodeOwner(existing.Status.UserId, existing.Status.GroupId), mode: null);
                break;
            case TarEntryType.Fifo:
                NodeWriter.MakeDevice(writer.Replaceable(path, followLink: false), NodeKind.Fifo, bits, default);
                break;
            default:
                throw new InvalidDataException($"the entry '{entry.Name}' is a {entry.EntryType}, which ADD does not unpack");
        }
    }

    /// <summary>Reads to the end of the stream, where the compression's checksum is compared.</summary>
    private static void Drain(Stream content)
    {
        const int MostPadding = 64 << 20;
        var buffer = new byte[64 * 1024];
        for (var total = 0; content.Read(buffer) is > 0 and var count; total += count)
        {
            if (total > MostPadding)
            {
                throw new InvalidDataException($"more than {MostPadding >> 20} MiB follow the end of the archive");
            }
        }
    }

    private static bool IsDamage(Exception error) => error is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException or SharpCompress.Common.SharpCompressException;
}
