using System.Buffers.Binary;

namespace ContainerTools.Linux.Cgroups;

/// <summary>
/// Assembles device rules into the eBPF program that a v2 cgroup runs on every access to a device (BPF_PROG_TYPE_CGROUP_DEVICE). The rules are first folded into what
/// the v1 controller would keep, a default and its exceptions, so that both worlds answer alike.
/// </summary>
public static class DeviceFilter
{
    private const byte LoadWord = 0x61;
    private const byte MoveRegister = 0xbf;
    private const byte MoveImmediate = 0xb7;
    private const byte And32 = 0x54;
    private const byte ShiftRight32 = 0x74;
    private const byte JumpNotEqualImmediate = 0x55;
    private const byte JumpEqualImmediate = 0x15;
    private const byte JumpNotEqualRegister = 0x5d;
    private const byte Exit = 0x95;
    private const int BlockDevice = 1;
    private const int CharacterDevice = 2;

    // r0 scratch and result, r1 context, r2 type, r3 access, r4 major, r5 minor.
    private const int Result = 0;
    private const int Context = 1;
    private const int Type = 2;
    private const int Access = 3;
    private const int Major = 4;
    private const int Minor = 5;

    /// <summary>The program, 8 bytes an instruction.</summary>
    public static byte[] Assemble(IReadOnlyList<DeviceRule> rules)
    {
        var (allowByDefault, exceptions) = Fold(rules);
        var code = new List<ulong>
        {
            Instruction(LoadWord, Type, Context, 0, 0),
            Instruction(MoveRegister, Access, Type, 0, 0),
            Instruction(ShiftRight32, Access, 0, 0, 16),
            Instruction(And32, Type, 0, 0, 0xffff),
            Instruction(LoadWord, Major, Context, 4, 0),
            Instruction(LoadWord, Minor, Context, 8, 0),
        };
        foreach (var rule in exceptions)
        {
            AddException(code, rule, allowByDefault);
        }

        code.Add(Instruction(MoveImmediate, Result, 0, 0, allowByDefault ? 1 : 0));
        code.Add(Instruction(Exit, 0, 0, 0, 0));
        var bytes = new byte[code.Count * 8];
        for (var index = 0; index < code.Count; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(index * 8), code[index]);
        }

        return bytes;
    }

    /// <summary>What the v1 controller would keep of the rules.</summary>
    internal static (bool AllowByDefault, IReadOnlyList<DeviceRule> Exceptions) Fold(IReadOnlyList<DeviceRule> rules)
    {
        var allowByDefault = true;
        var exceptions = new List<DeviceRule>();
        foreach (var rule in rules)
        {
            if (rule.Type == DeviceType.All)
            {
                allowByDefault = rule.Allow;
                exceptions.Clear();
                continue;
            }

            var index = exceptions.FindIndex(known => known.Type == rule.Type && known.Major == rule.Major && known.Minor == rule.Minor);
            var access = index < 0 ? DeviceAccess.None : exceptions[index].Access;
            access = rule.Allow == allowByDefault ? access & ~rule.Access : access | rule.Access;
            if (index >= 0)
            {
                exceptions.RemoveAt(index);
            }

            if (access != DeviceAccess.None)
            {
                exceptions.Add(rule with { Allow = !allowByDefault, Access = access });
            }
        }

        return (allowByDefault, exceptions);
    }

    private static void AddException(List<ulong> code, DeviceRule rule, bool allowByDefault)
    {
        var checks = new List<(byte Code, int Destination, int Source, int Immediate)> { (JumpNotEqualImmediate, Type, 0, rule.Type == DeviceType.Block ? BlockDevice : CharacterDevice) };
        if (rule.Major is { } major)
        {
            checks.Add((JumpNotEqualImmediate, Major, 0, major));
        }

        if (rule.Minor is { } minor)
        {
            checks.Add((JumpNotEqualImmediate, Minor, 0, minor));
        }

        if (rule.Access != DeviceAccess.All || allowByDefault)
        {
            checks.Add((MoveRegister, Result, Access, 0));
            checks.Add((And32, Result, 0, (int)rule.Access));

            // An allowance must cover everything asked for; a refusal strikes on any of it.
            checks.Add(allowByDefault ? (JumpEqualImmediate, Result, 0, 0) : (JumpNotEqualRegister, Result, Access, 0));
        }

        for (var index = 0; index < checks.Count; index++)
        {
            var (operation, destination, source, immediate) = checks[index];
            var jumps = operation is JumpNotEqualImmediate or JumpEqualImmediate or JumpNotEqualRegister;
            code.Add(Instruction(operation, destination, source, jumps ? checks.Count - index + 1 : 0, immediate));
        }

        code.Add(Instruction(MoveImmediate, Result, 0, 0, allowByDefault ? 0 : 1));
        code.Add(Instruction(Exit, 0, 0, 0, 0));
    }

    private static ulong Instruction(byte code, int destination, int source, int offset, int immediate) =>
        code | ((ulong)(uint)(destination | (source << 4)) << 8) | ((ulong)(ushort)(short)offset << 16) | ((ulong)(uint)immediate << 32);
}
