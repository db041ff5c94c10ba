using System.Buffers.Binary;
using System.Text;

namespace ContainerTools.Engine.Images.Base;

/// <summary>What an ELF file needs to be started (elf(5)): its loader and its libraries. Little-endian and big-endian, 32 and 64 bit.</summary>
/// <param name="Is64Bit">Word size.</param>
/// <param name="Machine">e_machine.</param>
/// <param name="Interpreter">PT_INTERP; null for libraries and static executables.</param>
/// <param name="Needed">DT_NEEDED names.</param>
/// <param name="RunPath">DT_RUNPATH, or DT_RPATH where there is none.</param>
internal sealed record ElfFile(bool Is64Bit, ushort Machine, string? Interpreter, IReadOnlyList<string> Needed, IReadOnlyList<string> RunPath)
{
    private const int Load = 1;
    private const int Dynamic = 2;
    private const int Interp = 3;
    private const int NeededTag = 1;
    private const int StringTableTag = 5;
    private const int RPathTag = 15;
    private const int RunPathTag = 29;

    /// <summary>Reads a file; null when it is no ELF file.</summary>
    public static ElfFile? TryRead(string path)
    {
        var content = File.ReadAllBytes(path);
        if (!content.AsSpan().StartsWith("\x7f"u8) || !content.AsSpan(1).StartsWith("ELF"u8) || content.Length < 52)
        {
            return null;
        }

        try
        {
            return new Reader(content).Read();
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new ContainerToolsException(
                ErrorKind.DataLoss, "ExecutableDamaged", $"'{path}' is a damaged ELF file: a table lies outside it.", path, "Install the program again.", error);
        }
    }

    private sealed class Reader(byte[] content)
    {
        private readonly bool _wide = content[4] == 2;
        private readonly bool _little = content[5] == 1;
        private readonly List<(long Address, long Offset, long Size)> _loads = [];

        public ElfFile Read()
        {
            var headers = _wide ? Word(32) : Word(28);
            int entrySize = Half(_wide ? 54 : 42);
            int count = Half(_wide ? 56 : 44);
            string? interpreter = null;
            (long Offset, long Size)? dynamic = null;
            for (var index = 0; index < count; index++)
            {
                var header = headers + ((long)index * entrySize);
                var type = Int(header);
                var offset = Word(header + (_wide ? 8 : 4));
                var address = Word(header + (_wide ? 16 : 8));
                var size = Word(header + (_wide ? 32 : 16));
                switch (type)
                {
                    case Load:
                        _loads.Add((address, offset, size));
                        break;
                    case Interp:
                        interpreter = Text(offset);
                        break;
                    case Dynamic:
                        dynamic = (offset, size);
                        break;
                    default:
                        break;
                }
            }

            var tags = dynamic is { } table ? ReadDynamic(table.Offset, table.Size) : [];
            var strings = tags.FirstOrDefault(tag => tag.Tag == StringTableTag) is { Tag: StringTableTag } found ? OffsetOf(found.Value) : 0;
            List<string> Texts(int wanted) => [.. tags.Where(tag => tag.Tag == wanted).Select(tag => Text(strings + tag.Value))];
            var runPath = Texts(RunPathTag) is { Count: > 0 } modern ? modern : Texts(RPathTag);
            return new ElfFile(
                _wide,
                Half(18),
                interpreter,
                Texts(NeededTag),
                [.. runPath.SelectMany(path => path.Split(':', StringSplitOptions.RemoveEmptyEntries))]);
        }

        private List<(long Tag, long Value)> ReadDynamic(long offset, long size)
        {
            var step = _wide ? 16 : 8;
            var tags = new List<(long, long)>();
            for (var position = offset; position + step <= offset + size; position += step)
            {
                var tag = Word(position);
                if (tag == 0)
                {
                    break;
                }

                tags.Add((tag, Word(position + (step / 2))));
            }

            return tags;
        }

        private long OffsetOf(long address)
        {
            foreach (var (start, offset, size) in _loads)
            {
                if (address >= start && address < start + size)
                {
                    return address - start + offset;
                }
            }

            throw new ArgumentOutOfRangeException(nameof(address));
        }

        private string Text(long offset)
        {
            var rest = Slice(offset, 1, toEnd: true);
            var end = rest.IndexOf((byte)0);
            return end >= 0 ? Encoding.UTF8.GetString(rest[..end]) : throw new ArgumentOutOfRangeException(nameof(offset));
        }

        private ushort Half(long offset) => _little
            ? BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2))
            : BinaryPrimitives.ReadUInt16BigEndian(Slice(offset, 2));

        private uint Int(long offset) => _little
            ? BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4))
            : BinaryPrimitives.ReadUInt32BigEndian(Slice(offset, 4));

        private long Word(long offset) => !_wide
            ? Int(offset)
            : _little
                ? BinaryPrimitives.ReadInt64LittleEndian(Slice(offset, 8))
                : BinaryPrimitives.ReadInt64BigEndian(Slice(offset, 8));

        private ReadOnlySpan<byte> Slice(long offset, int length, bool toEnd = false)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, content.Length - length);
            return toEnd ? content.AsSpan((int)offset) : content.AsSpan((int)offset, length);
        }
    }
}
