using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ContainerTools.Engine.Build.Execution;

/// <summary>Keys of the build cache: a hash over parts, each with its length, so that no two lists of parts look alike.</summary>
internal static class CacheKey
{
    public static string Of(string kind, string parent, params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, kind);
        Append(hash, parent);
        foreach (var part in parts)
        {
            Append(hash, part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
