using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace ContainerTools.Oci;

/// <summary>A content digest <c>sha256:HEX</c> (OCI image-spec, descriptor.md, "Digests"). Only sha256 is supported.</summary>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest : IComparable<Digest>
{
    private const string Prefix = "sha256:";
    private const int HexLength = 64;
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 lower-case hexadecimal digits; throws on the default value.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("The digest is empty.");

    /// <summary>True for the default value, which names nothing.</summary>
    public bool IsEmpty => _hex is null;

    /// <summary>The first twelve digits, as tables show them.</summary>
    public string Short => Hex[..12];

    /// <summary>Reads <c>sha256:HEX</c>; throws <see cref="OciFormatException"/> (<c>InvalidDigest</c>).</summary>
    public static Digest Parse(string text) => TryParse(text, out var digest)
        ? digest
        : throw new OciFormatException(
            "InvalidDigest", $"'{text}' is not a digest: 'sha256:' and 64 lower-case hexadecimal digits are expected.");

    /// <summary>Reads <c>sha256:HEX</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && TryParseHex(text[Prefix.Length..], out digest);
    }

    /// <summary>Reads the 64 digits alone.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? hex, out Digest digest)
    {
        var valid = hex is { Length: HexLength } && !hex.AsSpan().ContainsAnyExcept(s_digits);
        digest = valid ? new Digest(hex!) : default;
        return valid;
    }

    /// <summary>The digest of <paramref name="content"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    /// <summary>The digest whose 32 bytes a SHA-256 computation gave.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash) => hash.Length == SHA256.HashSizeInBytes
        ? new Digest(Convert.ToHexStringLower(hash))
        : throw new ArgumentException("A SHA-256 hash has 32 bytes.", nameof(hash));

    /// <inheritdoc/>
    public int CompareTo(Digest other) => string.CompareOrdinal(_hex, other._hex);

    /// <summary>Ordinal order of the digits.</summary>
    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order of the digits.</summary>
    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order of the digits.</summary>
    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order of the digits.</summary>
    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;

    /// <summary><c>sha256:HEX</c>, or the empty string for the default value.</summary>
    public override string ToString() => _hex is null ? "" : Prefix + _hex;
}
