namespace ContainerTools.Linux.Starting;

/// <summary>All that <see cref="ChildLoop"/> needs in the child, in unmanaged memory.</summary>
internal unsafe struct ChildWork
{
    public RawOperation* Operations;
    public int Count;
    public long* Slots;
    public ChildReport* Report;
    public long WriteNumber;
    public long ExitNumber;
    public long MaskNumber;
}
