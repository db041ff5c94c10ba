namespace ContainerTools.Engine.Build.Execution;

/// <summary><c>--chmod</c>: an octal mode, or the symbolic form of chmod(1) (<c>u=rwX,go=rX</c>).</summary>
internal static class ModeChange
{
    private const int Everyone = 0b111;

    /// <summary>The change from (old mode, is directory) to the new mode. Throws <see cref="FormatException"/>.</summary>
    public static Func<int, bool, int> Parse(string text)
    {
        if (text.Length is > 0 and <= 5 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) is <= 0xFFF and var octal)
        {
            return (_, _) => octal;
        }

        var clauses = text.Split(',').Select(clause => Clause(clause) ?? throw new FormatException(
            $"unexpected mode '{text}' of --chmod: expected an octal mode such as 0755, or a symbolic one such as u=rwX,go=rX")).ToList();
        return (mode, directory) => clauses.Aggregate(mode, (current, change) => change(current, directory));
    }

    private static Func<int, bool, int>? Clause(string text)
    {
        var position = 0;
        var who = 0;
        for (; position < text.Length && text[position] is 'u' or 'g' or 'o' or 'a'; position++)
        {
            who |= text[position] switch { 'u' => 4, 'g' => 2, 'o' => 1, _ => Everyone };
        }

        who = who == 0 ? Everyone : who;
        if (position >= text.Length || text[position] is not ('+' or '-' or '='))
        {
            return null;
        }

        var action = text[position++];
        var letters = text[position..];
        if (letters.Any(letter => letter is not ('r' or 'w' or 'x' or 'X' or 's' or 't')))
        {
            return null;
        }

        return (mode, directory) =>
        {
            var bits = letters.Aggregate(0, (sum, letter) => sum | letter switch
            {
                'r' => 4,
                'w' => 2,
                'x' => 1,
                'X' when directory || (mode & 0b001_001_001) != 0 => 1,
                _ => 0,
            });
            var special = letters.Contains('s') ? ((who & 4) != 0 ? 0x800 : 0) | ((who & 2) != 0 ? 0x400 : 0) : 0;
            special |= letters.Contains('t') ? 0x200 : 0;
            var (mask, value) = (Spread(who, Everyone), Spread(who, bits) | special);
            return action switch
            {
                '+' => mode | value,
                '-' => mode & ~value,
                _ => (mode & ~mask) | value,
            };
        };
    }

    private static int Spread(int who, int bits) => ((who & 4) != 0 ? bits << 6 : 0) | ((who & 2) != 0 ? bits << 3 : 0) | ((who & 1) != 0 ? bits : 0);
}
