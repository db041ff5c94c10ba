namespace ContainerTools.Linux.Seccomp;

/// <summary>Turns a profile into the classic BPF program the kernel loads: a binary search over ranges of system call numbers.</summary>
public static class SeccompCompiler
{
    // struct seccomp_data: nr, arch, instruction_pointer, args[6]; both architectures are little-endian.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint ArgumentsOffset = 16;
    private const uint AuditArchX64 = 0xc000003e;
    private const uint AuditArchArm64 = 0xc00000b7;
    private const uint X32Bit = 0x40000000;
    private const uint KillProcess = 0x80000000;
    private const int Eperm = 1;
    private const int Enosys = 38;

    /// <summary>Compiles for the architecture of this machine.</summary>
    public static byte[] Compile(SeccompProfile profile) => Compile(profile, NativeArchitecture.Current);

    /// <summary>
    /// Compiles to an array of <c>struct sock_filter</c> (8 bytes each). Calls of a foreign architecture kill the process, x32 calls fail with ENOSYS, and so do calls newer
    /// than the table where the default action is to fail, so that C libraries fall back to older calls.
    /// </summary>
    /// <exception cref="ArgumentException">A rule names an argument that does not exist, or an errno out of range.</exception>
    public static byte[] Compile(SeccompProfile profile, SeccompArchitecture architecture)
    {
        var table = SyscallTable.For(architecture);
        var defaultReturn = ReturnValue(profile.DefaultAction, profile.DefaultErrno);
        var rules = Collect(profile, table, defaultReturn);
        var assembler = new BpfAssembler();

        // Leaves with conditions come first in writing order, that is last in the program; the search tree refers to them.
        var beyond = profile.DefaultAction == SeccompAction.Errno ? ReturnValue(SeccompAction.Errno, Enosys) : defaultReturn;
        var ranges = Ranges(rules, table.Highest, defaultReturn, beyond, assembler);
        var entry = Search(assembler, ranges, 0, ranges.Count);
        if (architecture == SeccompArchitecture.X64)
        {
            entry = assembler.Branch(BpfInstruction.JumpIfGreaterOrEqual, X32Bit, assembler.Return(ReturnValue(SeccompAction.Errno, Enosys)), entry);
        }

        entry = assembler.Load(NumberOffset, entry);
        entry = assembler.Branch(BpfInstruction.JumpIfEqual, architecture == SeccompArchitecture.X64 ? AuditArchX64 : AuditArchArm64, entry, assembler.Return(KillProcess));
        return assembler.ToArray(assembler.Load(ArchitectureOffset, entry));
    }

    private static SortedDictionary<int, List<SeccompRule>> Collect(SeccompProfile profile, SyscallTable table, uint defaultReturn)
    {
        var rules = new SortedDictionary<int, List<SeccompRule>>();
        foreach (var rule in profile.Rules)
        {
            if (ReturnValue(rule.Action, rule.Errno) == defaultReturn)
            {
                continue;
            }

            foreach (var name in rule.Names)
            {
                if (!table.TryGetNumber(name, out var number))
                {
                    continue;
                }

                if (!rules.TryGetValue(number, out var list))
                {
                    rules.Add(number, list = []);
                }

                list.Add(rule);
            }
        }

        return rules;
    }

    private static List<(uint First, int Leaf)> Ranges(SortedDictionary<int, List<SeccompRule>> rules, int highest, uint defaultReturn, uint beyond, BpfAssembler assembler)
    {
        var actions = new List<(uint First, uint? Action, List<SeccompRule>? Conditional)>(rules.Count);
        void Append(uint first, uint? action, List<SeccompRule>? conditional)
        {
            if (actions.Count == 0 || action is null || actions[^1].Action != action)
            {
                actions.Add((first, action, conditional));
            }
        }

        uint next = 0;
        foreach (var (number, list) in rules)
        {
            if (number > next)
            {
                Append(next, defaultReturn, null);
            }

            var unconditional = list.Find(rule => rule.Arguments.Count == 0);
            Append((uint)number, unconditional is null ? null : ReturnValue(unconditional.Action, unconditional.Errno), unconditional is null ? list : null);
            next = (uint)number + 1;
        }

        if (next <= highest)
        {
            Append(next, defaultReturn, null);
        }

        Append((uint)highest + 1, beyond, null);
        var conditionalLeaves = actions.ConvertAll(item => item.Conditional is { } list ? Chain(assembler, list, defaultReturn) : -1);
        var ranges = new List<(uint First, int Leaf)>(actions.Count);
        for (var index = 0; index < actions.Count; index++)
        {
            ranges.Add((actions[index].First, actions[index].Action is { } action ? assembler.Return(action) : conditionalLeaves[index]));
        }

        return ranges;
    }

    private static int Search(BpfAssembler assembler, List<(uint First, int Leaf)> ranges, int from, int to)
    {
        if (to - from == 1)
        {
            return ranges[from].Leaf;
        }

        var middle = (from + to) / 2;
        var upper = Search(assembler, ranges, middle, to);
        var lower = Search(assembler, ranges, from, middle);
        return assembler.Branch(BpfInstruction.JumpIfGreaterOrEqual, ranges[middle].First, upper, lower);
    }

    private static int Chain(BpfAssembler assembler, List<SeccompRule> rules, uint defaultReturn)
    {
        var otherwise = assembler.Return(defaultReturn);
        for (var index = rules.Count - 1; index >= 0; index--)
        {
            var success = assembler.Return(ReturnValue(rules[index].Action, rules[index].Errno));
            for (var argument = rules[index].Arguments.Count - 1; argument >= 0; argument--)
            {
                success = Condition(assembler, rules[index].Arguments[argument], success, otherwise);
            }

            otherwise = success;
        }

        return otherwise;
    }

    private static int Condition(BpfAssembler assembler, SeccompArgument argument, int success, int failure)
    {
        if (argument.Index is < 0 or > 5)
        {
            throw new ArgumentException($"A system call has the arguments 0 to 5, not {argument.Index}.", nameof(argument));
        }

        var low = ArgumentsOffset + (uint)(argument.Index * 8);
        var high = low + 4;
        var value = argument.Value;
        return argument.Comparison switch
        {
            SeccompComparison.Equal => Equal(assembler, low, high, value, success, failure),
            SeccompComparison.NotEqual => Equal(assembler, low, high, value, failure, success),
            SeccompComparison.Greater => Ordered(assembler, low, high, value, BpfInstruction.JumpIfGreater, success, failure),
            SeccompComparison.GreaterOrEqual => Ordered(assembler, low, high, value, BpfInstruction.JumpIfGreaterOrEqual, success, failure),
            SeccompComparison.Less => Ordered(assembler, low, high, value, BpfInstruction.JumpIfGreaterOrEqual, failure, success),
            SeccompComparison.LessOrEqual => Ordered(assembler, low, high, value, BpfInstruction.JumpIfGreater, failure, success),
            SeccompComparison.MaskedEqual => Masked(assembler, low, high, value, argument.SecondValue, success, failure),
            _ => throw new ArgumentException($"Unknown comparison {argument.Comparison}.", nameof(argument)),
        };
    }

    private static int Equal(BpfAssembler assembler, uint low, uint high, ulong value, int success, int failure)
    {
        var next = assembler.Load(low, assembler.Branch(BpfInstruction.JumpIfEqual, (uint)value, success, failure));
        return assembler.Load(high, assembler.Branch(BpfInstruction.JumpIfEqual, (uint)(value >> 32), next, failure));
    }

    private static int Ordered(BpfAssembler assembler, uint low, uint high, ulong value, ushort comparison, int success, int failure)
    {
        var next = assembler.Load(low, assembler.Branch(comparison, (uint)value, success, failure));
        next = assembler.Branch(BpfInstruction.JumpIfEqual, (uint)(value >> 32), next, failure);
        return assembler.Load(high, assembler.Branch(BpfInstruction.JumpIfGreater, (uint)(value >> 32), success, next));
    }

    private static int Masked(BpfAssembler assembler, uint low, uint high, ulong mask, ulong value, int success, int failure)
    {
        var next = assembler.Branch(BpfInstruction.JumpIfEqual, (uint)value, success, failure);
        next = assembler.Load(low, assembler.And((uint)mask, next));
        next = assembler.Branch(BpfInstruction.JumpIfEqual, (uint)(value >> 32), next, failure);
        return assembler.Load(high, assembler.And((uint)(mask >> 32), next));
    }

    private static uint ReturnValue(SeccompAction action, int? errno)
    {
        if (errno is < 0 or > 4095)
        {
            throw new ArgumentException($"An errno is between 0 and 4095, not {errno}.", nameof(errno));
        }

        var data = (uint)(errno ?? Eperm);
        return action switch
        {
            SeccompAction.Allow => 0x7fff0000,
            SeccompAction.Log => 0x7ffc0000,
            SeccompAction.Trace => 0x7ff00000 | data,
            SeccompAction.Errno => 0x00050000 | data,
            SeccompAction.Trap => 0x00030000,
            SeccompAction.KillThread => 0x00000000,
            SeccompAction.KillProcess => KillProcess,
            _ => throw new ArgumentException($"Unknown action {action}.", nameof(action)),
        };
    }
}
