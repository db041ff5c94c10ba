using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Takes ports that a rule is about as <c>5432</c>, <c>8000-8010</c> or <c>53/udp</c>; TCP where no protocol is named.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortFilterTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Values.Each(inputData).Select(item => One(Values.Text(item).Trim())).ToArray();

    private static string One(string text)
    {
        try
        {
            var (rest, protocol) = PortText.SplitProtocol(text);
            var (first, count) = PortText.Range(rest);
            var range = count == 1 ? $"{first}" : $"{first}-{first + count - 1}";
            return string.Create(CultureInfo.InvariantCulture, $"{range}/{protocol}").ToLowerInvariant();
        }
        catch (FormatException e)
        {
            throw new ArgumentTransformationMetadataException($"'{text}' is no port: {e.Message}. Write 5432, '8000-8010/tcp' or '53/udp'.");
        }
    }
}
