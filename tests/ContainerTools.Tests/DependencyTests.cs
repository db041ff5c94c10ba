using System.Reflection;

namespace ContainerTools.Tests;

public class DependencyTests
{
    [Fact]
    public void The_object_model_leans_on_nothing_but_the_base_library()
    {
        var foreign = typeof(IContainerEngine).Assembly.GetReferencedAssemblies()
            .Where(name => !name.Name!.StartsWith("System.", StringComparison.Ordinal) && name.Name != "netstandard");
        Assert.Empty(foreign);
    }
}
