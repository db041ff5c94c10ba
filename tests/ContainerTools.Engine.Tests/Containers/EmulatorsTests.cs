using ContainerTools.Engine.Containers;
using ContainerTools.Engine.Tests.Host;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Containers;

public sealed class EmulatorsTests : IDisposable
{
    private static readonly string Other = Platform.HostArchitecture == "arm64" ? "amd64" : "arm64";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_hosts_own_platform_needs_none() =>
        new Emulators(_directory.PathOf("nothing")).Require(Platform.Host, "Container 'web'");

    [Fact]
    public void A_foreign_platform_is_refused_with_the_reason()
    {
        var error = Assert.Throws<ContainerToolsException>(() => new Emulators(_directory.PathOf("nothing")).Require(Platform.Parse("linux/" + Other), "Container 'web'"));

        Assert.Equal(("ImagePlatformForeign", ErrorKind.NotSupported), (error.Code, error.Kind));
        Assert.Contains($"no emulator for {Other}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_is_refused() =>
        Assert.Contains("only Linux", Assert.Throws<ContainerToolsException>(() => new Emulators().Require(Platform.Parse("windows/amd64"), "x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("enabled", "POCF", null)]
    [InlineData("enabled", "PC", "flag F")]
    [InlineData("disabled", "POCF", "register an emulator")]
    public void An_emulator_counts_when_it_is_on_and_stays_open(string state, string flags, string? action)
    {
        // As the kernel shows what qemu-user-static registers; the machine lies in bytes 18 and 19.
        var machine = Other == "arm64" ? "b700" : "3e00";
        File.WriteAllText(_directory.PathOf("status"), "enabled\n");
        File.WriteAllText(_directory.PathOf("qemu-other"), $"{state}\ninterpreter /usr/libexec/qemu-binfmt/other\nflags: {flags}\noffset 0\nmagic 7f454c460201010000000000000000000200{machine}\nmask ffffffffffffff00fffffffffffffffffeffffff\n");

        var error = Record.Exception(() => new Emulators(_directory.Path).Require(Platform.Parse("linux/" + Other), "x")) as ContainerToolsException;

        Assert.Equal(action is null, error is null);
        Assert.Contains(action ?? "", error?.RecommendedAction ?? "", StringComparison.Ordinal);
    }
}
