using System.Management.Automation.Runspaces;

namespace ContainerTools.Shell.CommandLine;

/// <summary>Turns the words after a script's path into what the parameter binder takes, by the rules of <c>pwsh -File</c>: values are strings.</summary>
internal static class ScriptParameters
{
    /// <summary>Parameters for <paramref name="words"/>, in order.</summary>
    public static IReadOnlyList<CommandParameter> From(IReadOnlyList<string> words) => [.. words.Select(From)];

    private static CommandParameter From(string word)
    {
        // A dash followed by a letter is a parameter; "-5" and "--" are values.
        if (word.Length < 2 || word[0] != '-' || !(char.IsLetter(word[1]) || word[1] == '_'))
        {
            return new CommandParameter(null, word);
        }

        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return new CommandParameter(word, null);
        }

        // A name that keeps its dash and colon binds as the user wrote it.
        return new CommandParameter(word[..(colon + 1)], Switch(word[(colon + 1)..]));
    }

    private static object Switch(string value) => value.ToLowerInvariant() switch
    {
        "$true" => true,
        "$false" => false,
        _ => value,
    };
}
