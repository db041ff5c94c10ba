using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ContainerTools.Tests;

/// <summary>The rooms of docs/architecture.md, and who may lean on whom, read from the built assemblies.</summary>
public class DependencyTests
{
    private const string Framework = "System.";

    public static TheoryData<string, string[]> Rooms => new()
    {
        { "ContainerTools", [] },
        { "ContainerTools.Linux", ["Tmds.LibC"] },
        { "ContainerTools.Oci", [] },
        { "ctrun", ["ContainerTools.Linux", "ContainerTools.Oci", "Tmds.LibC"] },
        {
            "ContainerTools.Engine",
            ["ContainerTools", "ContainerTools.Linux", "ContainerTools.Oci", "Microsoft.Data.Sqlite", "SQLitePCLRaw.core", "SQLitePCLRaw.batteries_v2", "ZstdSharp", "SharpCompress", "Polly.Core", "Tmds.LibC", "YamlDotNet"]
        },
        { "ContainerTools.Cmdlets", ["ContainerTools", "netstandard", "System.Management.Automation"] },
        { "ContainerTools.Api", ["ContainerTools", "ContainerTools.Engine", "Microsoft.AspNetCore", "Microsoft.Extensions"] },
        { "ct", ["System.Management.Automation"] },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_leans_only_on_the_rooms_below_it(string assembly, string[] allowed)
    {
        // The base library is the one thing every room may use; PowerShell's assembly only looks like a part of it.
        var foreign = References(assembly).Where(name =>
            !(name.StartsWith(Framework, StringComparison.Ordinal) && name != "System.Management.Automation")
            && name is not "Microsoft.Win32.Primitives"
            && !allowed.Any(prefix => name == prefix || (prefix.StartsWith("Microsoft.", StringComparison.Ordinal) && name.StartsWith(prefix + ".", StringComparison.Ordinal))));
        Assert.Empty(foreign);
    }

    [Theory]
    [InlineData("ContainerTools.Linux")]
    [InlineData("ContainerTools.Oci")]
    public void What_ctrun_is_made_of_is_checked_for_native_compilation(string assembly) =>
        Assert.Contains("IsAotCompatible", Attributes(assembly), StringComparison.Ordinal);

    [Fact]
    public void Every_public_type_of_the_object_model_is_immutable_or_an_interface_an_enum_or_an_error()
    {
        var mutable =
            from type in typeof(IContainerEngine).Assembly.GetExportedTypes()
            where !type.IsEnum && !type.IsInterface && !typeof(Exception).IsAssignableFrom(type) && !typeof(Attribute).IsAssignableFrom(type)
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            where property.SetMethod is { IsPublic: true } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))
            select $"{type.Name}.{property.Name}";
        Assert.Empty(mutable);
    }

    private static List<string> References(string assembly)
    {
        using var reader = Open(assembly);
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static string Attributes(string assembly)
    {
        using var reader = Open(assembly);
        var metadata = reader.GetMetadataReader();
        return string.Join('\n', metadata.GetAssemblyDefinition().GetCustomAttributes()
            .Select(handle => System.Text.Encoding.UTF8.GetString(metadata.GetBlobBytes(metadata.GetCustomAttribute(handle).Value))));
    }

    // Read as data: loading would resolve what an assembly leans on, and ctrun and ct are programs.
    private static PEReader Open(string assembly) => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
}
