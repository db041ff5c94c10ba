using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Takes resource limits as <c>@{ nofile = '1024:2048'; nproc = 64 }</c> or as <c>'nofile=1024:2048'</c>; -1 and <c>unlimited</c> mean none.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UlimitTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Values.Pairs(inputData, "resource limit").ToDictionary(pair => pair.Key.ToLowerInvariant(), pair => Limit(pair.Key, pair.Value));

    private static Ulimit Limit(string name, object? value)
    {
        if (value is Ulimit limit)
        {
            return limit;
        }

        var parts = Values.Text(value).Split(':');
        if (parts.Length > 2)
        {
            throw Refuse(name, value);
        }

        var soft = Number(name, parts[0], value);
        var hard = parts.Length == 2 ? Number(name, parts[1], value) : soft;
        return hard >= 0 && (soft > hard || soft < 0)
            ? throw new ArgumentTransformationMetadataException($"The limit '{name}={value}' has a soft limit above its hard limit.")
            : new Ulimit(soft, hard);
    }

    private static long Number(string name, string text, object? value) => text.Trim() switch
    {
        "-1" or "unlimited" => -1,
        var digits when long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Refuse(name, value),
    };

    private static ArgumentTransformationMetadataException Refuse(string name, object? value) =>
        new($"'{name}={value}' is no resource limit. Write a number, 'soft:hard', or -1: @{{ nofile = '1024:2048' }}.");
}
