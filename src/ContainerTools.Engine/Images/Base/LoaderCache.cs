using System.Text;

namespace ContainerTools.Engine.Images.Base;

/// <summary>The libraries that ldconfig(8) found: <c>/etc/ld.so.cache</c> in its format "glibc-ld.so.cache1.1".</summary>
internal static class LoaderCache
{
    private const int HeaderSize = 48;
    private const int EntrySize = 24;

    private static ReadOnlySpan<byte> Magic => "glibc-ld.so.cache1.1"u8;

    /// <summary>Paths by library name; variants for newer CPUs only (hwcaps) are left out. Empty without a cache (musl).</summary>
    public static ILookup<string, string> Read(string path)
    {
        if (!File.Exists(path))
        {
            return Array.Empty<(string, string)>().ToLookup(pair => pair.Item1, pair => pair.Item2);
        }

        // An old-format cache may precede the new one.
        var content = File.ReadAllBytes(path);
        var start = content.AsSpan().IndexOf(Magic);
        var cache = start < 0 ? [] : content.AsSpan(start).ToArray();
        var pairs = new List<(string Name, string Path)>();
        var count = cache.Length >= HeaderSize ? BitConverter.ToUInt32(cache, Magic.Length) : 0;
        for (var index = 0L; index < count && HeaderSize + ((index + 1) * EntrySize) <= cache.Length; index++)
        {
            var entry = HeaderSize + ((int)index * EntrySize);
            if (BitConverter.ToUInt64(cache, entry + 16) == 0)
            {
                pairs.Add((Text(cache, BitConverter.ToUInt32(cache, entry + 4)), Text(cache, BitConverter.ToUInt32(cache, entry + 8))));
            }
        }

        return pairs.ToLookup(pair => pair.Name, pair => pair.Path, StringComparer.Ordinal);
    }

    private static string Text(byte[] cache, uint offset)
    {
        var rest = cache.AsSpan((int)Math.Min(offset, cache.Length));
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
