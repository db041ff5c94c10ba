using System.Buffers;
using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Takes durations as seconds (<c>30</c>), with units (<c>'1m30s'</c>, <c>'500ms'</c>) or as a TimeSpan.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Values.Unwrap(inputData) switch
    {
        null => null!,
        TimeSpan span when span >= TimeSpan.Zero => span,
        // 7d without quotes is a decimal number in PowerShell (about_Numeric_Literals): seven seconds in place of days could clear away what was meant to stay.
        decimal number => throw new ArgumentTransformationMetadataException($"PowerShell reads {number}d without quotes as a number. Write '{number}d' for days, or {number} for seconds."),
        string text => TryParse(text, out var span) ? span : throw Refuse(text),
        IConvertible number and not (bool or char or DateTime) => FromSeconds(Convert.ToDouble(number, CultureInfo.InvariantCulture), inputData),
        var other => throw Refuse(other),
    };

    internal static bool TryParse(string text, out TimeSpan span)
    {
        var value = text.Trim();
        span = TimeSpan.Zero;
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return TryFromSeconds(seconds, out span);
        }

        if (value.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out span) && span >= TimeSpan.Zero;
        }

        var total = 0.0;
        var rest = value.AsSpan();
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits);
            var unit = letters < 0 ? rest : rest[..letters];
            var factor = unit switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, _ => 0.0 };
            if (factor == 0)
            {
                return false;
            }

            total += number * factor;
            rest = rest[unit.Length..];
        }

        return value.Length > 0 && TryFromSeconds(total, out span);
    }

    private static TimeSpan FromSeconds(double seconds, object input) => TryFromSeconds(seconds, out var span) ? span : throw Refuse(input);

    private static bool TryFromSeconds(double seconds, out TimeSpan span)
    {
        var fits = seconds is >= 0 and < 922337203685;
        span = fits ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return fits;
    }

    private static ArgumentTransformationMetadataException Refuse(object input) =>
        new($"'{input}' is no duration. Write seconds, a number with units ('30s', '1m30s', '500ms', '2h'), or a TimeSpan.");
}
