using ContainerTools.Shell.Modules;

namespace ContainerTools.Shell.Tests.Modules;

public sealed class ModuleLocatorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void A_package_has_the_module_beside_the_shell()
    {
        _directory.Write("ContainerTools/ContainerTools.psd1", "@{}");
        Assert.Equal(Path.Combine(_directory.Path, "ContainerTools"), ModuleLocator.Find(_directory.Path, null));
    }

    [Fact]
    public void A_checkout_has_the_module_in_out()
    {
        _directory.Write("out/ContainerTools/ContainerTools.psd1", "@{}");
        var shell = Path.Combine(_directory.Path, "src", "shell", "bin") + "/";
        Assert.Equal(Path.Combine(_directory.Path, "out", "ContainerTools"), ModuleLocator.Find(shell, null));
    }

    [Fact]
    public void A_chosen_folder_without_a_manifest_is_not_replaced_by_another()
    {
        _directory.Write("ContainerTools/ContainerTools.psd1", "@{}");
        Assert.Null(ModuleLocator.Find(_directory.Path, "/nonexistent"));
    }

    public void Dispose() => _directory.Dispose();
}
