namespace ContainerTools.Runtime.Names;

/// <summary>What came from a server in answer to a query.</summary>
internal enum UpstreamVerdict
{
    /// <summary>It is no answer to the query: an old one, or forged.</summary>
    Foreign,

    /// <summary>The server cannot or will not say; another may.</summary>
    Failed,

    /// <summary>An answer, also that there is no such name.</summary>
    Answer,
}
