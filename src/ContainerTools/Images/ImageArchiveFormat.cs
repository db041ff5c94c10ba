namespace ContainerTools;

/// <summary>How an image lies in a file or directory.</summary>
public enum ImageArchiveFormat
{
    /// <summary>Tar with <c>manifest.json</c>, as <c>docker save</c> writes it.</summary>
    DockerArchive,

    /// <summary>Tar of an OCI image layout.</summary>
    OciArchive,

    /// <summary>Directory in OCI image layout (image-spec, image-layout.md).</summary>
    OciLayout,
}
