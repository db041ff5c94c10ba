namespace ContainerTools.Runtime.Names;

/// <summary>How far a message came.</summary>
internal enum StreamProgress
{
    /// <summary>The other side must do something first.</summary>
    Waiting,

    /// <summary>It is through.</summary>
    Done,

    /// <summary>The connection is over.</summary>
    Ended,
}
