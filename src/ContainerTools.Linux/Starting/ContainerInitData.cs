using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Starting;

/// <summary>What <see cref="ContainerInit"/> reads: numbers of system calls, which it may not look up itself, and its capabilities as capset(2) takes them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ContainerInitData
{
    private const uint CapabilityVersion = 0x20080522;

    public long Clone;
    public long CloseRange;
    public long Sigtimedwait;
    public long Wait4;
    public long Kill;
    public long ExitGroup;
    public long Capset;
    public long SetsCapabilities;
    public uint Version;
    public int Process;
    public uint EffectiveLow;
    public uint PermittedLow;
    public uint InheritableLow;
    public uint EffectiveHigh;
    public uint PermittedHigh;
    public uint InheritableHigh;

    /// <summary>The data for this machine's architecture, as bytes.</summary>
    public static byte[] Create(ulong? capabilities)
    {
        uint low = (uint)(capabilities ?? 0);
        uint high = (uint)((capabilities ?? 0) >> 32);
        ContainerInitData data = new()
        {
            Clone = SystemCallNumber.Of(SystemCall.Clone),
            CloseRange = SystemCallNumber.Of(SystemCall.CloseRange),
            Sigtimedwait = SystemCallNumber.Of(SystemCall.Sigtimedwait),
            Wait4 = SystemCallNumber.Of(SystemCall.Wait4),
            Kill = SystemCallNumber.Of(SystemCall.Kill),
            ExitGroup = SystemCallNumber.Of(SystemCall.ExitGroup),
            Capset = SystemCallNumber.Of(SystemCall.Capset),
            SetsCapabilities = capabilities is null ? 0 : 1,
            Version = CapabilityVersion,
            EffectiveLow = low,
            PermittedLow = low,
            EffectiveHigh = high,
            PermittedHigh = high,
        };
        return MemoryMarshal.AsBytes(new ReadOnlySpan<ContainerInitData>(in data)).ToArray();
    }
}
