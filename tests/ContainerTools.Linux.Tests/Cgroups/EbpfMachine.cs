using System.Buffers.Binary;

namespace ContainerTools.Linux.Tests.Cgroups;

/// <summary>Runs the few eBPF instructions that a device filter consists of.</summary>
internal static class EbpfMachine
{
    public static bool Allows(byte[] program, char type, int major, int minor, int access)
    {
        var context = new[] { (uint)((access << 16) | (type == 'b' ? 1 : 2)), (uint)major, (uint)minor };
        var registers = new ulong[11];
        for (var position = 0; ; position++)
        {
            var instruction = program.AsSpan(position * 8, 8);
            var destination = instruction[1] & 15;
            var source = instruction[1] >> 4;
            var offset = BinaryPrimitives.ReadInt16LittleEndian(instruction[2..]);
            var immediate = BinaryPrimitives.ReadInt32LittleEndian(instruction[4..]);
            switch (instruction[0])
            {
                case 0x61:
                    registers[destination] = context[offset / 4];
                    break;
                case 0xbf:
                    registers[destination] = registers[source];
                    break;
                case 0xb7:
                    registers[destination] = (ulong)immediate;
                    break;
                case 0x54:
                    registers[destination] = (uint)registers[destination] & (uint)immediate;
                    break;
                case 0x74:
                    registers[destination] = (uint)registers[destination] >> immediate;
                    break;
                case 0x55:
                    position += registers[destination] != (ulong)immediate ? offset : 0;
                    break;
                case 0x15:
                    position += registers[destination] == (ulong)immediate ? offset : 0;
                    break;
                case 0x5d:
                    position += registers[destination] != registers[source] ? offset : 0;
                    break;
                case 0x95:
                    return registers[0] != 0;
                default:
                    throw new InvalidOperationException($"Unknown instruction {instruction[0]:x}.");
            }
        }
    }
}
