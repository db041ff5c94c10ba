using ContainerTools.Oci.Monitoring;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>Descriptor 3, on which the caller hears of the container; it may be closed, or the caller gone.</summary>
internal sealed class StatusPipe
{
    private const int Descriptor = 3;
    private readonly bool open = Native.IsOpen(Descriptor);

    public StatusPipe()
    {
        if (open)
        {
            Native.CloseAtExec(Descriptor);
        }
    }

    public void Send(MonitorEvent report)
    {
        if (!open)
        {
            return;
        }

        // An error means that nobody listens any more.
        _ = Native.WriteAll(Descriptor, [.. report.ToJson(), (byte)'\n']);
    }
}
