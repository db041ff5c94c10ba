namespace ContainerTools.Runtime.Monitoring;

/// <summary><c>struct pollfd</c> of poll(2).</summary>
internal struct PollEntry
{
    public int Descriptor;
    public short Events;
    public short Returned;
}
