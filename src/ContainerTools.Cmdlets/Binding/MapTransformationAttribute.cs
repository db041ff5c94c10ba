using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Takes names with values as a dictionary (<c>@{ MODE = 'live' }</c>) or as text (<c>'MODE=live'</c>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MapTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>True when a name may stand without a value.</summary>
    public bool AllowBareName { get; set; }

    /// <summary>The sign between name and value in text.</summary>
    public char Separator { get; set; } = '=';

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var map = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in Values.Pairs(inputData, "name with a value", Separator))
        {
            if (name.Length == 0 || (value is null && !AllowBareName))
            {
                throw new ArgumentTransformationMetadataException($"'{name}' has no value. Write @{{ NAME = 'value' }} or 'NAME{Separator}value'.");
            }

            map[name] = value is null ? null : Values.Text(value);
        }

        return map;
    }
}
