namespace ContainerTools.Runtime.Monitoring;

/// <summary>Starts the container of a bundle for its monitor.</summary>
internal interface IContainerStarter
{
    /// <summary>Starts it with these descriptors as standard input, output and error.</summary>
    IMonitoredContainer Start(int standardInput, int standardOutput, int standardError);

    /// <summary>Clears away what an earlier run of the same container left when its monitor was killed.</summary>
    void RemoveStale();
}
