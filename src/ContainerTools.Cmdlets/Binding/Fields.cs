using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>The members of a hashtable or object that stands for something; one that is not known is refused by its name.</summary>
internal sealed class Fields
{
    private readonly string _what;
    private readonly Dictionary<string, object?> _values = new(StringComparer.OrdinalIgnoreCase);

    private Fields(string what) => _what = what;

    /// <summary>Null for what has no members.</summary>
    public static Fields? Read(object? input, string what, params string[] known)
    {
        var pairs = input switch
        {
            IDictionary map => map.Keys.Cast<object>().Select(key => KeyValuePair.Create(Values.Text(key), Values.Unwrap(map[key]))),
            PSObject { BaseObject: PSCustomObject } custom => custom.Properties.Select(property => KeyValuePair.Create(property.Name, Values.Unwrap(property.Value))),
            _ => null,
        };
        if (pairs is null)
        {
            return null;
        }

        var fields = new Fields(what);
        foreach (var (name, value) in pairs)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new ArgumentTransformationMetadataException($"'{name}' is not known of {what}; known are {string.Join(", ", known)}.");
            }

            fields._values[name] = value;
        }

        return fields;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name) is { } value ? Values.Text(value) : null;

    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw new ArgumentTransformationMetadataException($"{_what} needs the key {name}.");

    public IReadOnlyList<string> Texts(string name) => [.. Values.Each(_values.GetValueOrDefault(name)).Select(Values.Text)];

    public int? Number(string name) => Text(name) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentTransformationMetadataException($"{name} = '{text}' of {_what} is no whole number.");
}
