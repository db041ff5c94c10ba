namespace ContainerTools.Engine.Storage;

/// <summary>Where everything of one store lies. Knows paths only; makes nothing.</summary>
/// <param name="Root">Data directory.</param>
/// <param name="Run">Runtime directory.</param>
internal sealed record StorePaths(string Root, string Run)
{
    public string Catalog => Path.Combine(Root, "catalog.db");

    /// <summary>Content-addressed blobs, <c>sha256/HEX</c> below it.</summary>
    public string Blobs => Path.Combine(Root, "blobs");

    /// <summary>Where the blobs themselves lie.</summary>
    public string BlobFiles => Path.Combine(Blobs, "sha256");

    /// <summary>Structures of layers' tars, one file <c>HEX</c> of the diff id each, where the blob is not kept.</summary>
    public string Structures => Path.Combine(Root, "structures");

    /// <summary>Unpacked layers, one directory <c>HEX</c> of the diff id each; the layer's tree is the directory itself.</summary>
    public string Layers => Path.Combine(Root, "layers");

    /// <summary>Containers, one bundle directory each.</summary>
    public string Containers => Path.Combine(Root, "containers");

    /// <summary>Work in progress: each operation has a directory of its own, locked (flock) while its owner lives.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>Blobs that are being downloaded, or were when it broke off: one file <c>HEX</c> each, and <c>HEX.lock</c>, locked (flock) by whoever is at it.</summary>
    public string Partial => Path.Combine(Root, "partial");

    /// <summary>Cache mounts of RUN steps, one directory each; see <see cref="Build.Execution.CacheMounts"/>.</summary>
    public string CacheMounts => Path.Combine(Root, "cache-mounts");

    /// <summary>Runtime state of containers (ctrun's <c>--root</c>).</summary>
    public string States => Path.Combine(Run, "containers");

    /// <summary>Network namespaces of containers that run, pinned, one file ID each.</summary>
    public string NetworkNamespaces => Path.Combine(Run, "netns");

    /// <summary>Names on networks: directories NETWORK-ID with a file CONTAINER-ID for each container that runs.</summary>
    public string Names => Path.Combine(Run, "names");

    /// <summary>Whom network policies are about, as the rules have it; see <see cref="Networks.Policies.PolicyState"/>.</summary>
    public string NetworkPolicies => Path.Combine(Run, "network-policies.json");

    /// <summary>There while the host forwards packets only because this engine turned it on: <c>ipv4</c>, <c>ipv6</c>.</summary>
    public string Forwarding => Path.Combine(Run, "forwarding");

    /// <summary>Locked (flock) by whoever changes bridges or rules.</summary>
    public string NetworkLock => Path.Combine(Run, "networks.lock");
}
