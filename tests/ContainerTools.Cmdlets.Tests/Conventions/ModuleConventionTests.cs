using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ContainerTools.Cmdlets.Tests;

public sealed class ModuleConventionTests
{
    private static readonly string[] Changing =
        ["Add", "Build", "Clear", "Connect", "Copy", "Disconnect", "Export", "Import", "Invoke", "New", "Publish", "Receive", "Remove", "Rename", "Repair", "Restart", "Resume", "Send", "Set", "Start", "Stop", "Suspend"];

    public static TheoryData<string> Cmdlets => [.. Types.Select(type => type.Name)];

    private static IEnumerable<Type> Types => typeof(EngineSession).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(PSCmdlet)));

    [Fact]
    public void Every_cmdlet_of_the_release_is_there()
    {
        Assert.Equal(69, Types.Count());
        var manifest = File.ReadAllText(Path.Combine(CmdletSession.Repository, "ContainerTools.psd1"));
        Assert.All(Types, type => Assert.Contains($"'{Name(type)}'", manifest, StringComparison.Ordinal));
        Assert.All(Types.SelectMany(Aliases), alias => Assert.Contains($"'{alias}'", manifest, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Verbs_are_approved_changes_can_be_confirmed_and_output_is_declared(string typeName)
    {
        var type = Types.Single(type => type.Name == typeName);
        var attribute = type.GetCustomAttribute<CmdletAttribute>()!;

        Assert.Contains(attribute.VerbName, ApprovedVerbs());
        Assert.Equal(Changing.Contains(attribute.VerbName), attribute.SupportsShouldProcess);
        Assert.NotEmpty(type.GetCustomAttributes<OutputTypeAttribute>());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_help_page_describes_every_parameter_and_none_that_is_not_there(string typeName)
    {
        var type = Types.Single(type => type.Name == typeName);
        var page = File.ReadAllText(Path.Combine(CmdletSession.Repository, "docs", "cmdlets", Name(type) + ".md"));

        var described = Regex.Matches(page, @"^### -(\w+)\n\n\S", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Except(["WhatIf", "Confirm"]);
        var declared = type.GetProperties().Where(property => property.GetCustomAttributes<ParameterAttribute>().Any(parameter => !parameter.DontShow)).Select(property => property.Name);

        Assert.Equal(declared.Order(), described.Order());
        Assert.True(Regex.Count(page, @"^### Example \d+: \S", RegexOptions.Multiline) >= 2);
    }

    [Fact]
    public void Views_and_types_name_properties_that_exist()
    {
        var model = typeof(Container).Assembly;
        var format = XDocument.Load(Path.Combine(CmdletSession.Repository, "src", "ContainerTools.Cmdlets", "ContainerTools.Format.ps1xml"));
        var views = format.Descendants("View").SelectMany(view => view.Descendants("PropertyName").Select(property => property.Value)
            .Concat(view.Descendants("ScriptBlock").SelectMany(script => Regex.Matches(script.Value, @"\$_\.(\w+)").Select(match => match.Groups[1].Value)))
            .Select(property => (Type: view.Descendants("TypeName").Single().Value, Property: property)));
        var types = XDocument.Load(Path.Combine(CmdletSession.Repository, "src", "ContainerTools.Cmdlets", "ContainerTools.Types.ps1xml")).Descendants("Type")
            .SelectMany(type => type.Descendants("ReferencedProperties").Descendants("Name").Concat(type.Descendants("ReferencedMemberName"))
                .Select(property => (Type: type.Element("Name")!.Value, Property: property.Value)));

        Assert.All(views.Concat(types), pair => Assert.NotNull(model.GetType(pair.Type, throwOnError: true)!.GetProperty(pair.Property)));
        Assert.Equal(31, format.Descendants("View").Count());
    }

    [Fact]
    public void The_cmdlets_lean_on_the_object_model_and_powershell_only()
    {
        var foreign = typeof(EngineSession).Assembly.GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name is not ("ContainerTools" or "System.Management.Automation" or "netstandard") && !name.StartsWith("System.", StringComparison.Ordinal));

        Assert.Empty(foreign);
    }

    private static string Name(Type type) => type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : "";

    private static IEnumerable<string> Aliases(Type type) => type.GetCustomAttributes<AliasAttribute>().SelectMany(alias => alias.AliasNames);

    private static IEnumerable<string> ApprovedVerbs() =>
        new[] { typeof(VerbsCommon), typeof(VerbsLifecycle), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsCommunications) }
            .SelectMany(verbs => verbs.GetFields()).Select(field => (string)field.GetRawConstantValue()!);
}
