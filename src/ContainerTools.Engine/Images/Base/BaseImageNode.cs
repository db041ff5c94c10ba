namespace ContainerTools.Engine.Images.Base;

/// <summary>One file of a base image.</summary>
internal abstract record BaseImageNode
{
    private BaseImageNode()
    {
    }

    /// <summary>A directory.</summary>
    public sealed record Folder(int Mode) : BaseImageNode;

    /// <summary>A symbolic link.</summary>
    public sealed record Link(string Target) : BaseImageNode;

    /// <summary>A copy of a file of the host.</summary>
    public sealed record Copy(string Source) : BaseImageNode;

    /// <summary>A file with content of our own.</summary>
    public sealed record Content(byte[] Bytes) : BaseImageNode;
}
