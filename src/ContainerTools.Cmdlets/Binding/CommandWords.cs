using System.Management.Automation;
using System.Management.Automation.Language;

namespace ContainerTools.Cmdlets;

/// <summary>
/// Gives words such as <c>-u</c> back to the command they were written for. PowerShell takes <c>id -u</c> for an abbreviation of <c>-User</c>;
/// the foreground cmdlets therefore own a hidden switch for each letter, and this class puts the bound ones back in their place.
/// </summary>
internal static class CommandWords
{
    public static IReadOnlyList<string>? Restore(InvocationInfo invocation, IReadOnlyList<string>? words, string subjectParameter)
    {
        var letters = invocation.BoundParameters.Keys.Where(key => key.Length == 1).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (letters.Count == 0)
        {
            return words;
        }

        var result = (words ?? []).ToList();
        if (result.Count == 0)
        {
            throw Misplaced(letters.First());
        }

        if (Written(invocation) is not { } command)
        {
            result.AddRange(letters.Select(letter => "-" + letter.ToLowerInvariant()));
            return result;
        }

        var wordsBefore = IsNamed(command, invocation, subjectParameter) ? 0 : -1;
        foreach (var (element, literal) in Positional(command, invocation))
        {
            if (literal && element is CommandParameterAst { ParameterName.Length: 1 } letter && letters.Contains(letter.ParameterName))
            {
                if (wordsBefore <= 0)
                {
                    throw Misplaced(letter.ParameterName);
                }

                result.Insert(Math.Min(wordsBefore, result.Count), "-" + letter.ParameterName);
            }

            wordsBefore += element is ArrayLiteralAst many ? many.Elements.Count : 1;
        }

        return result;
    }

    private static CommandAst? Written(InvocationInfo invocation)
    {
        // The reference library is older than InvocationInfo.Statement, so it is read as a script reads it.
        if (PSObject.AsPSObject(invocation).Properties["Statement"]?.Value is not string { Length: > 0 } text)
        {
            return null;
        }

        var ast = Parser.ParseInput(text, out _, out _);
        var command = ast.Find(node => node is CommandAst, searchNestedScriptBlocks: false) as CommandAst;
        return command is null || command.CommandElements.Any(element => element is VariableExpressionAst { Splatted: true }) ? null : command;
    }

    /// <summary>Elements that are no named parameter and no value of one; false once "--" has made everything a plain word.</summary>
    private static IEnumerable<(CommandElementAst Element, bool Literal)> Positional(CommandAst command, InvocationInfo invocation)
    {
        var isValue = false;
        var options = true;
        foreach (var element in command.CommandElements.Skip(1))
        {
            if (isValue)
            {
                isValue = false;
            }
            else if (options && element.Extent.Text == "--")
            {
                options = false;
            }
            else if (options && element is CommandParameterAst { ParameterName.Length: > 1 } named && Find(invocation, named.ParameterName) is { } parameter)
            {
                isValue = named.Argument is null && parameter.ParameterType != typeof(SwitchParameter);
            }
            else
            {
                yield return (element, options);
            }
        }
    }

    private static bool IsNamed(CommandAst command, InvocationInfo invocation, string parameter) => command.CommandElements
        .TakeWhile(element => element.Extent.Text != "--")
        .OfType<CommandParameterAst>()
        .Any(element => element.ParameterName.Length > 1 && Find(invocation, element.ParameterName)?.Name == parameter);

    private static ParameterMetadata? Find(InvocationInfo invocation, string name)
    {
        var all = invocation.MyCommand.Parameters.Values;
        bool Begins(string candidate) => candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase);
        return all.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || p.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase))
            ?? all.FirstOrDefault(p => Begins(p.Name) || p.Aliases.Any(Begins));
    }

    private static ContainerToolsException Misplaced(string letter) => new(
        ErrorKind.InvalidArgument,
        "AmbiguousCommandWord",
        $"'-{letter}' stands before the command, where only parameters with their full names can.",
        "-" + letter,
        "Write the parameter's name in full, or '--' before a command that begins with a dash.");
}
