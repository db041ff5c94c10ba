using System.Management.Automation;
using System.Text.RegularExpressions;

namespace ContainerTools.Cmdlets;

/// <summary>
/// Takes networks of a container by name, as <c>none</c>, <c>host</c>, <c>container:NAME</c> or <c>ns:/PATH</c>, as hashtables with the members of
/// <see cref="NetworkAttachment"/>, or as objects that Get-ContainerNetwork emits.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class NetworkAttachmentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is null ? null! : Values.Each(inputData).Select(One).ToArray();

    private static NetworkAttachment One(object? input) => input switch
    {
        NetworkAttachment attachment => attachment,
        ContainerNetwork network => new NetworkAttachment { Name = network.Name },
        _ when Fields.Read(input, "a network of a container", "Name", "IPAddress", "IPv6Address", "Alias", "MacAddress", "InterfaceName", "Priority") is { } fields => new NetworkAttachment
        {
            Name = Checked(fields.Required("Name")),
            IPAddress = fields.Text("IPAddress"),
            IPv6Address = fields.Text("IPv6Address"),
            Alias = fields.Texts("Alias"),
            MacAddress = fields.Text("MacAddress"),
            InterfaceName = fields.Text("InterfaceName"),
            Priority = fields.Number("Priority") ?? 0,
        },
        _ => new NetworkAttachment { Name = Checked(Values.Text(input)) },
    };

    private static string Checked(string name) => Form().IsMatch(name)
        ? name
        : throw new ArgumentTransformationMetadataException(
            $"'{name}' is no network. Write its name, none, host, container:NAME, ns:/PATH, or @{{ Name = 'shop'; IPAddress = '10.89.4.9'; Alias = 'a', 'b' }}.");

    [GeneratedRegex(@"^([a-zA-Z0-9][a-zA-Z0-9_.-]*|container:[a-zA-Z0-9][a-zA-Z0-9_.-]*|ns:/.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
