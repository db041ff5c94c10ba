namespace ContainerTools.Cmdlets;

/// <summary>In what form standard output goes down the pipeline.</summary>
internal enum OutputForm
{
    /// <summary>One string a line, as it comes.</summary>
    Lines,

    /// <summary>One string at the end, exactly as written.</summary>
    Text,

    /// <summary>Bytes, as they come.</summary>
    Bytes,

    /// <summary>One byte array at the end.</summary>
    ByteArray,
}
