using System.Buffers.Binary;

namespace ContainerTools.Linux.Seccomp;

/// <summary>
/// Assembles a filter from its end to its beginning: classic BPF jumps only forward, so every target already has its place when a jump to it is written.
/// A label is the distance of an instruction from the end.
/// </summary>
internal sealed class BpfAssembler
{
    // The farthest jump of a conditional is 255; a shared return is written anew before it gets out of reach of two trampolines.
    private const int Reach = 250;
    private readonly List<BpfInstruction> reversed = new(160);
    private readonly Dictionary<uint, int> returns = [];

    public int Return(uint value)
    {
        if (returns.TryGetValue(value, out var label) && reversed.Count - label < Reach)
        {
            return label;
        }

        label = Add(new BpfInstruction(BpfInstruction.Return, 0, 0, value));
        returns[value] = label;
        return label;
    }

    public int Load(uint offset, int next)
    {
        FallThroughTo(next);
        return Add(new BpfInstruction(BpfInstruction.LoadWordAbsolute, 0, 0, offset));
    }

    public int And(uint mask, int next)
    {
        FallThroughTo(next);
        return Add(new BpfInstruction(BpfInstruction.And, 0, 0, mask));
    }

    public int Branch(ushort comparison, uint operand, int whenTrue, int whenFalse)
    {
        if (whenTrue == whenFalse)
        {
            return whenTrue;
        }

        // Two trampolines may come between; bring both targets into reach before counting.
        if (reversed.Count - whenTrue >= Reach)
        {
            whenTrue = Trampoline(whenTrue);
        }

        if (reversed.Count - whenFalse >= Reach)
        {
            whenFalse = Trampoline(whenFalse);
        }

        return Add(new BpfInstruction(comparison, Distance(whenTrue), Distance(whenFalse), operand));
    }

    public byte[] ToArray(int entry)
    {
        FallThroughTo(entry);
        var bytes = new byte[reversed.Count * 8];
        for (var index = 0; index < reversed.Count; index++)
        {
            var instruction = reversed[reversed.Count - 1 - index];
            var target = bytes.AsSpan(index * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(target, instruction.Code);
            target[2] = instruction.JumpTrue;
            target[3] = instruction.JumpFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(target[4..], instruction.Operand);
        }

        return bytes;
    }

    private void FallThroughTo(int label)
    {
        if (label != reversed.Count - 1)
        {
            Trampoline(label);
        }
    }

    private int Trampoline(int label) => Add(new BpfInstruction(BpfInstruction.Jump, 0, 0, (uint)(reversed.Count - label - 1)));

    private byte Distance(int label) => checked((byte)(reversed.Count - label - 1));

    private int Add(BpfInstruction instruction)
    {
        reversed.Add(instruction);
        return reversed.Count - 1;
    }
}
