using ContainerTools.Linux.Cgroups;

namespace ContainerTools.Linux.Tests.Cgroups;

public class DeviceFilterTests
{
    private const int Mknod = 1;
    private const int Read = 2;
    private const int Write = 4;

    [Theory]
    [InlineData('c', 1, 3, Read | Write, true)]
    [InlineData('c', 1, 9, Read, true)]
    [InlineData('c', 136, 77, Read | Write, true)]
    [InlineData('c', 10, 200, Mknod, true)]
    [InlineData('b', 8, 0, Mknod, true)]
    [InlineData('b', 8, 0, Read, false)]
    [InlineData('b', 8, 0, Mknod | Read, false)]
    [InlineData('c', 1, 1, Read, false)]
    [InlineData('c', 10, 229, Read | Write, false)]
    [InlineData('b', 1, 3, Read, false)]
    public void The_basic_list_allows_the_harmless_devices_only(char type, int major, int minor, int access, bool allowed) =>
        Assert.Equal(allowed, EbpfMachine.Allows(DeviceFilter.Assemble([DeviceRule.DenyAll, .. DeviceRule.Basic]), type, major, minor, access));

    [Fact]
    public void Two_rules_on_one_device_add_up_and_a_later_denial_takes_away()
    {
        DeviceRule Rule(bool allow, DeviceAccess access) => new(allow, DeviceType.Character, 10, 200, access);
        var both = DeviceFilter.Assemble([DeviceRule.DenyAll, Rule(true, DeviceAccess.Read), Rule(true, DeviceAccess.Write)]);
        Assert.True(EbpfMachine.Allows(both, 'c', 10, 200, Read | Write));
        var less = DeviceFilter.Assemble([DeviceRule.DenyAll, Rule(true, DeviceAccess.All), Rule(false, DeviceAccess.Write)]);
        Assert.True(EbpfMachine.Allows(less, 'c', 10, 200, Read));
        Assert.False(EbpfMachine.Allows(less, 'c', 10, 200, Read | Write));
    }

    [Fact]
    public void A_denial_after_allow_all_strikes_on_any_part_of_the_access()
    {
        var program = DeviceFilter.Assemble([DeviceRule.AllowAll, new(false, DeviceType.Block, 8, null, DeviceAccess.Write)]);
        Assert.False(EbpfMachine.Allows(program, 'b', 8, 1, Read | Write));
        Assert.True(EbpfMachine.Allows(program, 'b', 8, 1, Read));
        Assert.True(EbpfMachine.Allows(program, 'c', 8, 1, Write));
    }
}
