using ContainerTools.Linux.Seccomp;

namespace ContainerTools.Linux.Tests.Seccomp;

public class SeccompCompilerTests
{
    private const uint Allow = 0x7fff0000;
    private const uint Eperm = 0x00050001;
    private const uint Enosys = 0x00050026;
    private const uint KillProcess = 0x80000000;

    private static readonly string[] DockerCapabilities =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
        "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    private static uint Run(SeccompProfile profile, string call, params ulong[] arguments)
    {
        Assert.True(SyscallTable.For(SeccompArchitecture.X64).TryGetNumber(call, out var number));
        return BpfMachine.Run(SeccompCompiler.Compile(profile, SeccompArchitecture.X64), BpfMachine.X64, (uint)number, arguments);
    }

    [Theory]
    [InlineData("read", Allow)]
    [InlineData("execve", Allow)]
    [InlineData("writev", Allow)]
    [InlineData("futex_requeue", Allow)]
    [InlineData("chroot", Allow)]
    [InlineData("mount", Eperm)]
    [InlineData("unshare", Eperm)]
    [InlineData("setns", Eperm)]
    [InlineData("bpf", Eperm)]
    [InlineData("io_uring_setup", Eperm)]
    [InlineData("keyctl", Eperm)]
    [InlineData("add_key", Eperm)]
    [InlineData("userfaultfd", Eperm)]
    [InlineData("kexec_load", Eperm)]
    [InlineData("open_by_handle_at", Eperm)]
    [InlineData("reboot", Eperm)]
    [InlineData("swapon", Eperm)]
    [InlineData("clone3", Enosys)]
    public void The_default_profile_answers_like_Dockers(string call, uint expected) =>
        Assert.Equal(expected, Run(SeccompDefaultProfile.Create(DockerCapabilities), call));

    [Theory]
    [InlineData("mount")]
    [InlineData("clone3")]
    [InlineData("unshare")]
    public void CAP_SYS_ADMIN_opens_the_calls_that_need_it(string call) =>
        Assert.Equal(Allow, Run(SeccompDefaultProfile.Create([.. DockerCapabilities, "CAP_SYS_ADMIN"]), call));

    [Fact]
    public void Without_CAP_SYS_CHROOT_chroot_is_refused() => Assert.Equal(Eperm, Run(SeccompDefaultProfile.Create([]), "chroot"));

    [Theory]
    [InlineData(0x11UL, Allow)]
    [InlineData(0x003d0f00UL, Allow)]
    [InlineData(0x10000000UL, Eperm)]
    [InlineData(0x00020000UL, Eperm)]
    [InlineData(0x7e020011UL, Eperm)]
    public void Clone_may_make_threads_and_processes_but_no_namespaces(ulong flags, uint expected) =>
        Assert.Equal(expected, Run(SeccompDefaultProfile.Create(DockerCapabilities), "clone", flags));

    [Theory]
    [InlineData(1UL, Allow)]
    [InlineData(2UL, Allow)]
    [InlineData(39UL, Allow)]
    [InlineData(40UL, Eperm)]
    [InlineData(0x100000028UL, Eperm)]
    [InlineData(41UL, Allow)]
    public void Vsock_is_refused_however_it_is_spelt(ulong family, uint expected) =>
        Assert.Equal(expected, Run(SeccompDefaultProfile.Create(DockerCapabilities), "socket", family));

    [Theory]
    [InlineData(0x0UL, Allow)]
    [InlineData(0x20008UL, Allow)]
    [InlineData(0xffffffffUL, Allow)]
    [InlineData(0x40000UL, Eperm)]
    [InlineData(0x100000000UL, Eperm)]
    public void Personality_is_limited_to_harmless_values(ulong persona, uint expected) =>
        Assert.Equal(expected, Run(SeccompDefaultProfile.Create(DockerCapabilities), "personality", persona));

    [Fact]
    public void Foreign_architectures_and_x32_are_refused_and_new_calls_look_absent()
    {
        var program = SeccompCompiler.Compile(SeccompDefaultProfile.Create(DockerCapabilities), SeccompArchitecture.X64);
        Assert.Equal(KillProcess, BpfMachine.Run(program, 0x40000003, 4));
        Assert.Equal(KillProcess, BpfMachine.Run(program, BpfMachine.Arm64, 63));
        Assert.Equal(Enosys, BpfMachine.Run(program, BpfMachine.X64, 0x40000000));
        Assert.Equal(Enosys, BpfMachine.Run(program, BpfMachine.X64, 5000));
        Assert.Equal(Enosys, BpfMachine.Run(program, BpfMachine.X64, 0xffffffff));
    }

    [Fact]
    public void The_default_profile_compiles_to_a_short_program()
    {
        Assert.InRange(SeccompCompiler.Compile(SeccompDefaultProfile.Create(DockerCapabilities), SeccompArchitecture.X64).Length / 8, 50, 140);
        Assert.InRange(SeccompCompiler.Compile(SeccompDefaultProfile.Create(DockerCapabilities), SeccompArchitecture.Arm64).Length / 8, 40, 140);
    }

    [Fact]
    public void On_aarch64_the_numbers_are_its_own()
    {
        var program = SeccompCompiler.Compile(SeccompDefaultProfile.Create(DockerCapabilities), SeccompArchitecture.Arm64);
        Assert.Equal(Allow, BpfMachine.Run(program, BpfMachine.Arm64, 63)); // read
        Assert.Equal(Eperm, BpfMachine.Run(program, BpfMachine.Arm64, 40)); // mount
        Assert.Equal(KillProcess, BpfMachine.Run(program, BpfMachine.X64, 63));
    }

    [Fact]
    public void Every_call_of_the_table_gets_the_answer_of_its_rule()
    {
        // Every third call allowed, every fifth a different errno: many ranges, so that jumps get long.
        var table = SyscallTable.For(SeccompArchitecture.X64);
        var names = SyscallNumbersOf(table);
        var rules = names.Where(item => item.Number % 3 == 0).Select(item => new SeccompRule { Names = [item.Name] })
            .Concat(names.Where(item => item.Number % 3 == 1).Select(item => new SeccompRule
            {
                Names = [item.Name], Action = SeccompAction.Errno, Errno = 2 + (item.Number % 50),
                Arguments = [new(item.Number % 6, SeccompComparison.GreaterOrEqual, 0x1_0000_0005)],
            }));
        var program = SeccompCompiler.Compile(new SeccompProfile { Rules = [.. rules] }, SeccompArchitecture.X64);
        foreach (var (name, number) in names)
        {
            var arguments = new ulong[6];
            arguments[number % 6] = 0x1_0000_0005;
            var expected = (number % 3) switch { 0 => Allow, 1 => 0x00050000u | (uint)(2 + (number % 50)), _ => Eperm };
            Assert.True(expected == BpfMachine.Run(program, BpfMachine.X64, (uint)number, arguments), name);
            if (number % 3 == 1)
            {
                arguments[number % 6] = 0x1_0000_0004;
                Assert.Equal(Eperm, BpfMachine.Run(program, BpfMachine.X64, (uint)number, arguments));
            }
        }
    }

    [Theory]
    [InlineData(SeccompComparison.Equal, 7UL, 7UL, true)]
    [InlineData(SeccompComparison.Equal, 7UL, 0x700000007UL, false)]
    [InlineData(SeccompComparison.NotEqual, 7UL, 0x700000007UL, true)]
    [InlineData(SeccompComparison.NotEqual, 7UL, 7UL, false)]
    [InlineData(SeccompComparison.Less, 0x200000000UL, 0x1ffffffffUL, true)]
    [InlineData(SeccompComparison.Less, 0x200000000UL, 0x200000000UL, false)]
    [InlineData(SeccompComparison.LessOrEqual, 0x200000000UL, 0x200000000UL, true)]
    [InlineData(SeccompComparison.LessOrEqual, 0x200000000UL, 0x200000001UL, false)]
    [InlineData(SeccompComparison.Greater, 0x2ffffffffUL, 0x300000000UL, true)]
    [InlineData(SeccompComparison.Greater, 0x2ffffffffUL, 0x2ffffffffUL, false)]
    [InlineData(SeccompComparison.GreaterOrEqual, 5UL, 5UL, true)]
    [InlineData(SeccompComparison.GreaterOrEqual, 5UL, 4UL, false)]
    public void Comparisons_look_at_all_64_bits(SeccompComparison comparison, ulong value, ulong actual, bool holds)
    {
        var profile = new SeccompProfile { Rules = [new() { Names = ["ioctl"], Arguments = [new(1, comparison, value)] }] };
        Assert.Equal(holds ? Allow : Eperm, Run(profile, "ioctl", 0, actual));
    }

    [Fact]
    public void An_argument_out_of_range_is_refused()
    {
        var profile = new SeccompProfile { Rules = [new() { Names = ["ioctl"], Arguments = [new(6, SeccompComparison.Equal, 0)] }] };
        Assert.Throws<ArgumentException>(() => SeccompCompiler.Compile(profile, SeccompArchitecture.X64));
    }

    private static List<(string Name, int Number)> SyscallNumbersOf(SyscallTable table)
    {
        var names = SyscallNumbers.X64.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(name => !char.IsDigit(name[0]));
        return names.Select(name => (name, table.TryGetNumber(name, out var number) ? number : -1)).ToList();
    }
}
