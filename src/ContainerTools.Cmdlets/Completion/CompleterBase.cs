using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ContainerTools.Cmdlets;

/// <summary>Base of the completers: wildcard match on what was typed, quoting, and silence on every failure.</summary>
public abstract class CompleterBase : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var pattern = WildcardPattern.Get((wordToComplete ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
            return Candidates(fakeBoundParameters ?? new Hashtable())
                .Where(candidate => pattern.IsMatch(candidate.Text))
                .Select(candidate => new CompletionResult(Quote(candidate.Text), candidate.Text, CompletionResultType.ParameterValue, candidate.Hint))
                .ToList();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A completer that fails must not disturb the line being typed.
            return [];
        }
    }

    /// <summary>All values that could stand there, each with a hint.</summary>
    private protected abstract IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound);

    private static string Quote(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || "-_./:".Contains(c, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
