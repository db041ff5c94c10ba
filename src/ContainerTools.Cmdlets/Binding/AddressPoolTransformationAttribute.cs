using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Takes address pools as <c>'base=10.176.0.0/12,size=24'</c>, with quotes or without, or as <c>@{ Base = '10.176.0.0/12'; Size = 24 }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressPoolTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Base = "base=";
    private const string Size = "size=";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Values.Rejoin(inputData, word => word.StartsWith(Base, StringComparison.OrdinalIgnoreCase)).Select(One).ToArray();

    private static string One(object? input) => input switch
    {
        string text => Parse(text),
        _ when Fields.Read(input, "an address pool", "Base", "Size") is { } fields => Parse($"{Base}{fields.Required("Base")},{Size}{fields.Required("Size")}"),
        _ => throw Refuse(input),
    };

    private static string Parse(string text) =>
        text.Split(',') is [var first, var second]
        && first.StartsWith(Base, StringComparison.OrdinalIgnoreCase) && first.Contains('/', StringComparison.Ordinal)
        && second.StartsWith(Size, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(second.AsSpan(Size.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? string.Create(CultureInfo.InvariantCulture, $"{Base}{first[Base.Length..]},{Size}{size}")
            : throw Refuse(text);

    private static ArgumentTransformationMetadataException Refuse(object? input) =>
        new($"'{input}' is no address pool. Write 'base=10.176.0.0/12,size=24' or @{{ Base = '10.176.0.0/12'; Size = 24 }}.");
}
