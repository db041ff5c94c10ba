using System.Runtime.InteropServices;
using System.Text;

namespace ContainerTools.Linux.Starting;

/// <summary>An <see cref="OperationList"/> in unmanaged memory, which a child reads after clone.</summary>
public sealed unsafe class OperationProgram : IDisposable
{
    /// <summary>Bytes of scratch memory.</summary>
    public const int ScratchSize = 8192;

    private readonly byte* _memory;
    private readonly int _size;
    private int _used;

    /// <summary>Compiles a list.</summary>
    public OperationProgram(OperationList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        List = list;
        Count = list.Operations.Count;
        _size = Measure(list);
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)_size);
        Operations = (RawOperation*)Take(sizeof(RawOperation) * Count);
        Slots = (long*)Take(sizeof(long) * list.SlotCount);
        Report = (ChildReport*)Take(sizeof(ChildReport));
        byte* scratch = Take(ScratchSize);
        for (int slot = 0; slot < list.SlotCount; slot++)
        {
            Slots[slot] = list.InitialValues[slot];
        }

        for (int index = 0; index < Count; index++)
        {
            Compile(list.Operations[index], Operations + index, scratch);
        }
    }

    /// <summary>What was compiled.</summary>
    public OperationList List { get; }

    internal int Count { get; }

    internal RawOperation* Operations { get; }

    internal long* Slots { get; }

    internal ChildReport* Report { get; }

    /// <summary>Sets a slot before the start.</summary>
    public void Preset(int slot, long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)List.SlotCount);
        Slots[slot] = value;
    }

    /// <summary>Carries out one operation in this process; returns its result, or -1 with the errno of the last call.</summary>
    public long InvokeInParent(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        long* arguments = (Operations + index)->Arguments;
        return NativeCall.InParent((Operations + index)->Number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => NativeMemory.Free(_memory);

    private static int Measure(OperationList list)
    {
        int size = ScratchSize + 64 + Align(sizeof(long) * list.SlotCount) + Align(sizeof(RawOperation) * list.Operations.Count);
        foreach (Operation operation in list.Operations)
        {
            foreach (Operand operand in operation.Arguments)
            {
                size += operand.Kind switch
                {
                    OperandKind.Data => Align(operand.Data!.Length),
                    OperandKind.Filter => 16 + Align(operand.Data!.Length),
                    OperandKind.Strings => Align(operand.Texts!.Sum(text => Encoding.UTF8.GetByteCount(text) + 1)) + (sizeof(long) * (operand.Texts!.Count + 1)),
                    _ => 0,
                };
            }
        }

        return size;
    }

    private static int Align(int size) => (size + 7) & ~7;

    private byte* Take(int size)
    {
        byte* start = _memory + _used;
        _used += Align(size);
        return _used <= _size ? start : throw new InvalidOperationException("The program is larger than was measured.");
    }

    private void Compile(Operation operation, RawOperation* raw, byte* scratch)
    {
        raw->Number = SystemCallNumber.Of(operation.Call);
        raw->Result = operation.Result;
        raw->ErrorSlot = operation.ErrorSlot;
        raw->SkipOnSuccess = operation.SkipOnSuccess;
        raw->SkipOnTolerated = operation.SkipOnTolerated;
        for (int index = 0; index < operation.Tolerated.Count; index++)
        {
            raw->Tolerated[index] = operation.Tolerated[index];
        }

        for (int index = 0; index < operation.Arguments.Count; index++)
        {
            Operand operand = operation.Arguments[index];
            if (operand.Kind == OperandKind.Slot)
            {
                raw->SlotMask |= 1 << index;
            }

            raw->Arguments[index] = operand.Kind switch
            {
                OperandKind.Data => (long)Copy(operand.Data!),
                OperandKind.Strings => (long)CopyStrings(operand.Texts!),
                OperandKind.Filter => (long)CopyFilter(operand.Data!),
                OperandKind.Scratch => (long)(scratch + operand.Value),
                _ => operand.Value,
            };
        }
    }

    private byte* Copy(ReadOnlySpan<byte> data)
    {
        byte* target = Take(data.Length);
        data.CopyTo(new Span<byte>(target, data.Length));
        return target;
    }

    private byte* CopyStrings(IReadOnlyList<string> texts)
    {
        long* pointers = (long*)Take(sizeof(long) * (texts.Count + 1));
        byte* target = Take(texts.Sum(text => Encoding.UTF8.GetByteCount(text) + 1));
        for (int index = 0; index < texts.Count; index++)
        {
            int length = Encoding.UTF8.GetByteCount(texts[index]);
            Encoding.UTF8.GetBytes(texts[index], new Span<byte>(target, length));
            pointers[index] = (long)target;
            target += length + 1;
        }

        return (byte*)pointers;
    }

    private byte* CopyFilter(byte[] instructions)
    {
        const int instructionSize = 8;
        byte* program = Take(16);
        *(ushort*)program = checked((ushort)(instructions.Length / instructionSize));
        *(long*)(program + 8) = (long)Copy(instructions);
        return program;
    }
}
