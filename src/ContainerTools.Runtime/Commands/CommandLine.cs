using System.Globalization;

namespace ContainerTools.Runtime.Commands;

/// <summary>Options and operands of one command. Options end at the first operand of <c>exec</c> and at <c>--</c> everywhere.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>What is left beside options.</summary>
    public IReadOnlyList<string> Operands { get; private init; } = [];

    /// <summary>Takes options apart.</summary>
    /// <param name="arguments">Words after the command.</param>
    /// <param name="flags">Options without a value.</param>
    /// <param name="valued">Options with a value.</param>
    /// <param name="stopAtOperands">Number of operands after which everything is an operand.</param>
    /// <exception cref="UsageException">An option is unknown or lacks its value.</exception>
    public static CommandLine Parse(ReadOnlySpan<string> arguments, IReadOnlyList<string> flags, IReadOnlyList<string> valued, int stopAtOperands = int.MaxValue)
    {
        List<string> operands = [];
        CommandLine line = new() { Operands = operands };
        for (int index = 0; index < arguments.Length; index++)
        {
            string word = arguments[index];
            if (word == "--")
            {
                operands.AddRange(arguments[(index + 1)..]);
                break;
            }

            if (operands.Count >= stopAtOperands)
            {
                operands.AddRange(arguments[index..]);
                break;
            }

            if (!word.StartsWith('-') || word.Length == 1)
            {
                operands.Add(word);
                continue;
            }

            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string name = Canonical(equals < 0 ? word : word[..equals]);
            if (flags.Contains(name) && equals < 0)
            {
                line.Add(name, "");
            }
            else if (valued.Contains(name))
            {
                string value = equals >= 0 ? word[(equals + 1)..]
                    : ++index < arguments.Length ? arguments[index]
                    : throw new UsageException($"The option {word} needs a value.");
                line.Add(name, value);
            }
            else
            {
                throw new UsageException($"The option {word} is not known here.");
            }
        }

        return line;
    }

    /// <summary>True when an option was given.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Last value of an option; null when it was not given.</summary>
    public string? Value(string name) => _values.TryGetValue(name, out List<string>? values) ? values[^1] : null;

    /// <summary>All values of an option.</summary>
    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out List<string>? values) ? values : [];

    /// <summary>A whole number; null when the option was not given.</summary>
    public long? Number(string name) => Value(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
        : throw new UsageException($"The option {name} needs a whole number, not '{text}'.");

    /// <summary>The single operand that must be there.</summary>
    public string Single(string meaning) => Operands.Count == 1 ? Operands[0] : throw new UsageException($"Exactly one {meaning} is needed.");

    private static string Canonical(string name) => name switch
    {
        "-b" => "--bundle",
        "-e" => "--env",
        "-u" => "--user",
        "-p" => "--process",
        "-f" => "--force",
        "-a" => "--all",
        "-q" => "--quiet",
        "-d" => "--detach",
        _ => name,
    };

    private void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out List<string>? values))
        {
            _values[name] = values = [];
        }

        values.Add(value);
    }
}
