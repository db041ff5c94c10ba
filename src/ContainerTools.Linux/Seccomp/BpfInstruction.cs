namespace ContainerTools.Linux.Seccomp;

/// <summary>One classic BPF instruction: <c>struct sock_filter</c> of linux/filter.h.</summary>
internal readonly record struct BpfInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand)
{
    public const ushort LoadWordAbsolute = 0x20;
    public const ushort And = 0x54;
    public const ushort Jump = 0x05;
    public const ushort JumpIfEqual = 0x15;
    public const ushort JumpIfGreater = 0x25;
    public const ushort JumpIfGreaterOrEqual = 0x35;
    public const ushort Return = 0x06;
}
