namespace ContainerTools.Runtime.Planning;

/// <summary>Whose child the program is.</summary>
internal enum ProgramParent
{
    /// <summary>The runtime's: its child executes the program itself.</summary>
    Runtime,

    /// <summary>The container's init's, which the runtime's child becomes.</summary>
    Init,

    /// <summary>
    /// The runtime's too, but born in the container's pid namespace only when there is nothing left to do but to execute the program: until then the
    /// runtime's child holds more than a container may see, were it allowed to trace (CVE-2016-9962).
    /// </summary>
    RuntimeAfterPreparation,
}
