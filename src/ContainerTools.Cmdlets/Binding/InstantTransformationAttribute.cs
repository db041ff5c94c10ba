using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Takes instants as dates, or as a time before now (<c>'10m'</c>, a TimeSpan).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InstantTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Values.Unwrap(inputData) switch
    {
        null => null!,
        DateTimeOffset instant => instant,
        DateTime date => new DateTimeOffset(date),
        TimeSpan ago => DateTimeOffset.Now - ago,
        string text => Parse(text),
        var other => throw Refuse(other),
    };

    private static DateTimeOffset Parse(string text)
    {
        if (text.Length > 0 && char.IsAsciiLetter(text.TrimEnd()[^1]) && DurationTransformationAttribute.TryParse(text, out var ago))
        {
            return DateTimeOffset.Now - ago;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AllowWhiteSpaces, out var instant)
            ? instant
            : throw Refuse(text);
    }

    private static ArgumentTransformationMetadataException Refuse(object input) =>
        new($"'{input}' is no point in time. Write a date ('2026-01-31T12:00:00Z', Get-Date), or a time before now ('10m', '2h').");
}
