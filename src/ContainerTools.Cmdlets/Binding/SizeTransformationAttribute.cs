using System.Globalization;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Takes sizes as PowerShell (<c>64MB</c>) and Docker (<c>'64m'</c>, <c>'512MiB'</c>) write them; all units are powers of 1024.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Units = "BKMGTP";

    /// <summary>True when <c>-1</c> and <c>unlimited</c> are meaningful.</summary>
    public bool AllowUnlimited { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Values.Unwrap(inputData) switch
    {
        null => null!,
        string text => Parse(text),
        double number when Math.Floor(number) == number => Checked((long)number, inputData),
        IConvertible number and not (bool or char or double or float or DateTime) => Checked(Convert.ToInt64(number, CultureInfo.InvariantCulture), inputData),
        var other => throw Refuse(other),
    };

    private long Parse(string text)
    {
        var value = text.Trim();
        if (AllowUnlimited && value.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
        {
            return -1;
        }

        var end = value.Length;
        while (end > 0 && char.IsAsciiLetter(value[end - 1]))
        {
            end--;
        }

        var unit = value[end..].ToUpperInvariant();
        var power = unit.Length == 0 ? 0 : Units.IndexOf(unit[0], StringComparison.Ordinal);
        var wellFormed = unit.Length <= 1 || (unit[0] != 'B' && unit[1..] is "B" or "IB");
        if (power < 0 || !wellFormed || !decimal.TryParse(value.AsSpan(0, end), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw Refuse(text);
        }

        try
        {
            return Checked((long)(number * (decimal)Math.Pow(1024, power)), text);
        }
        catch (OverflowException)
        {
            throw Refuse(text);
        }
    }

    private long Checked(long value, object input) => value >= 0 || (AllowUnlimited && value == -1) ? value : throw Refuse(input);

    private static ArgumentTransformationMetadataException Refuse(object input) =>
        new($"'{input}' is no size. Write a number of bytes, or a number with a unit: 64MB, '64m', '1.5g', '512MiB'.");
}
