using System.Buffers.Binary;

namespace ContainerTools.Linux.Tests.Seccomp;

/// <summary>Runs a classic BPF program on a struct seccomp_data as the kernel does.</summary>
internal static class BpfMachine
{
    public const uint X64 = 0xc000003e;
    public const uint Arm64 = 0xc00000b7;

    public static uint Run(byte[] program, uint architecture, uint number, params ulong[] arguments)
    {
        var data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture);
        for (var index = 0; index < arguments.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + (index * 8)), arguments[index]);
        }

        uint accumulator = 0;
        for (var position = 0; ; position++)
        {
            var instruction = program.AsSpan(position * 8, 8);
            var code = BinaryPrimitives.ReadUInt16LittleEndian(instruction);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (code)
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)operand));
                    break;
                case 0x54:
                    accumulator &= operand;
                    break;
                case 0x05:
                    position += (int)operand;
                    break;
                case 0x15:
                    position += accumulator == operand ? instruction[2] : instruction[3];
                    break;
                case 0x25:
                    position += accumulator > operand ? instruction[2] : instruction[3];
                    break;
                case 0x35:
                    position += accumulator >= operand ? instruction[2] : instruction[3];
                    break;
                case 0x06:
                    return operand;
                default:
                    throw new InvalidOperationException($"Unknown instruction {code:x}.");
            }
        }
    }
}
