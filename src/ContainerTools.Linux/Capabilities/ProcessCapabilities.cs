using ContainerTools.Linux.Starting;

namespace ContainerTools.Linux.Capabilities;

/// <summary>Capabilities of this process and this kernel.</summary>
public static unsafe class ProcessCapabilities
{
    private const uint Version3 = 0x20080522;

    /// <summary>The permitted set of this process.</summary>
    public static ulong Permitted()
    {
        uint* header = stackalloc uint[] { Version3, 0 };
        uint* sets = stackalloc uint[6];
        KernelCall.Require(SystemCall.Capget, null, (long)header, (long)sets);
        return sets[1] | ((ulong)sets[4] << 32);
    }

    /// <summary>Number of the last capability this kernel knows.</summary>
    public static int Last()
    {
        const long readBounding = 23;
        int number = CapabilityNames.All.Count - 1;
        while (KernelCall.Invoke(SystemCall.Prctl, readBounding, number) < 0)
        {
            number--;
        }

        while (KernelCall.Invoke(SystemCall.Prctl, readBounding, number + 1) >= 0)
        {
            number++;
        }

        return number;
    }
}
