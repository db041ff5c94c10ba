namespace ContainerTools.Oci.Monitoring;

/// <summary>A network whose containers have names.</summary>
public sealed record NamedNetwork
{
    /// <summary>
    /// Directory of its name files, one for each container: text in lines, <c>address 10.89.4.2</c>, <c>name web</c> (each address answers to each name) and
    /// <c>pointer web.shop</c> (what the addresses are called). Files whose name begins with a dot are not read.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>Whether it leads nowhere else. With nothing but internal networks no query leaves the host (CVE-2024-29018).</summary>
    public bool Internal { get; init; }
}
