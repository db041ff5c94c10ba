namespace ContainerTools.Runtime.Forwarding;

/// <summary>Where a forwarded connection is.</summary>
internal enum StreamState
{
    /// <summary>It goes on.</summary>
    Open,

    /// <summary>Both sides have ended it.</summary>
    Ended,

    /// <summary>It cannot go on: both sides hear of a reset.</summary>
    Broken,
}
