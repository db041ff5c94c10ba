using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Arguments as PowerShell hands them over, taken apart.</summary>
internal static class Values
{
    public static object? Unwrap(object? value) => value is PSObject { BaseObject: var inner } && inner is not PSCustomObject ? inner : value;

    public static string Text(object? value) => Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture) ?? "";

    /// <summary>Names with values from a dictionary, or from texts of the form NAME=value; a text without the sign has a null value.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Pairs(object? input, string what, char separator = '=') => Unwrap(input) switch
    {
        null => [],
        IDictionary map => map.Keys.Cast<object>().Select(key => KeyValuePair.Create(Text(key), Unwrap(map[key]))),
        string text => [Pair(text, separator)],
        IEnumerable many => many.Cast<object?>().SelectMany(item => Pairs(item, what, separator)),
        var other => throw new ArgumentTransformationMetadataException($"'{other}' is no {what}. Write @{{ NAME = 'value' }} or 'NAME{separator}value'."),
    };

    public static IReadOnlyDictionary<string, string> Map(IDictionary? bound) =>
        bound is Dictionary<string, string?> map ? map.ToDictionary(pair => pair.Key, pair => pair.Value ?? "") : new Dictionary<string, string>();

    public static IReadOnlyDictionary<string, string?> Filter(IDictionary? bound) =>
        bound as Dictionary<string, string?> ?? [];

    private static KeyValuePair<string, object?> Pair(string text, char separator)
    {
        var equals = text.IndexOf(separator, StringComparison.Ordinal);
        return equals < 0 ? KeyValuePair.Create(text, (object?)null) : KeyValuePair.Create(text[..equals], (object?)text[(equals + 1)..]);
    }
}
