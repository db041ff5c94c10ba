using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Takes static routes as <c>'10.0.0.0/8,10.89.4.254[,metric]'</c>, with quotes or without, as hashtables, or as <see cref="NetworkRoute"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RouteTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Values.Rejoin(inputData, word => word.Contains('/', StringComparison.Ordinal)).Select(One).ToArray();

    private static NetworkRoute One(object? input) => input switch
    {
        NetworkRoute route => route,
        string text => Parse(text),
        _ when Fields.Read(input, "a route", "Destination", "Gateway", "Metric") is { } fields => new NetworkRoute
        {
            Destination = fields.Required("Destination"),
            Gateway = fields.Required("Gateway"),
            Metric = fields.Number("Metric"),
        },
        _ => throw Refuse(input),
    };

    private static NetworkRoute Parse(string text)
    {
        var words = text.Split(',');
        var metric = 0;
        return words is [var destination, { Length: > 0 } gateway, .. var rest]
            && destination.Contains('/', StringComparison.Ordinal)
            && (rest is [] || (rest is [var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out metric)))
            ? new NetworkRoute { Destination = destination, Gateway = gateway, Metric = rest is [] ? null : metric }
            : throw Refuse(text);
    }

    private static ArgumentTransformationMetadataException Refuse(object? input) =>
        new($"'{input}' is no route. Write 'destination/prefix,gateway' or 'destination/prefix,gateway,metric': '10.0.0.0/8,10.89.4.254'.");
}
