namespace ContainerTools.Linux.Starting;

/// <summary>An <see cref="Operation"/> as the child's loop reads it.</summary>
internal unsafe struct RawOperation
{
    public const int ArgumentCount = 6;
    public const int ToleratedCount = 4;

    public long Number;
    public fixed long Arguments[ArgumentCount];
    public fixed int Tolerated[ToleratedCount];
    public int SlotMask;
    public int Result;
    public int ErrorSlot;
    public int SkipOnSuccess;
    public int SkipOnTolerated;
}
