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

    /// <summary>The items of an argument; text, dictionaries and objects are one item.</summary>
    public static IEnumerable<object?> Each(object? input) => Unwrap(input) switch
    {
        null => [],
        IEnumerable many and not (string or IDictionary) => many.Cast<object?>().Select(Unwrap),
        var one => [one],
    };

    /// <summary>
    /// Puts items of several words with commas together again: PowerShell takes <c>10.0.0.0/8,10.89.4.254</c>, written without quotes, for an array. A word that does not
    /// begin an item belongs to the one before.
    /// </summary>
    public static IEnumerable<object?> Rejoin(object? input, Func<string, bool> begins)
    {
        var words = new List<string>();
        foreach (var item in Each(input))
        {
            IEnumerable<object?> parts = item is IConvertible ? Text(item).Split(',') : [item];
            foreach (var part in parts)
            {
                var word = part as string;
                if (words.Count > 0 && (word is null || begins(word)))
                {
                    yield return string.Join(',', words);
                    words.Clear();
                }

                if (word is null)
                {
                    yield return part;
                }
                else
                {
                    words.Add(word.Trim());
                }
            }
        }

        if (words.Count > 0)
        {
            yield return string.Join(',', words);
        }
    }

    private static KeyValuePair<string, object?> Pair(string text, char separator)
    {
        var equals = text.IndexOf(separator, StringComparison.Ordinal);
        return equals < 0 ? KeyValuePair.Create(text, (object?)null) : KeyValuePair.Create(text[..equals], (object?)text[(equals + 1)..]);
    }
}
