namespace ContainerTools.Engine.Tests.Registry;

/// <summary>What a client sent to a <see cref="HostileRegistry"/>.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Header fields; names are case-insensitive.</param>
/// <param name="Body">The body.</param>
/// <param name="Number">How many requests of this method and target came before.</param>
internal sealed record HostileRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, int Number)
{
    /// <summary>The target without its query.</summary>
    public string Path => Target.Split('?')[0];

    /// <summary>The offset of <c>Range: bytes=N-</c>; 0 when it is not there.</summary>
    public long Offset => Headers.TryGetValue("Range", out var range) ? long.Parse(range["bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture) : 0;

    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    public bool IsManifest => Path.Contains("/manifests/", StringComparison.Ordinal);

    public bool IsBlob(Oci.Digest digest) => Path.EndsWith("/blobs/" + digest, StringComparison.Ordinal);
}
