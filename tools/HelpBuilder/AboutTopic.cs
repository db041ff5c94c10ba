using System.Text;

namespace HelpBuilder;

/// <summary>A conceptual topic as the plain text that Get-Help shows.</summary>
public static class AboutTopic
{
    /// <summary>Headings become upper-case or indented titles, fences disappear, text is indented.</summary>
    public static string ToText(string markdown)
    {
        var text = new StringBuilder();
        var inCode = false;
        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inCode = !inCode;
            }
            else if (inCode)
            {
                text.Append("        ").AppendLine(line);
            }
            else if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                text.Append("  ").AppendLine(line[4..]);
            }
            else if (line.StartsWith('#'))
            {
                text.AppendLine(line.TrimStart('#', ' '));
            }
            else
            {
                text.AppendLine(line.Length == 0 ? "" : "    " + line);
            }
        }

        return text.ToString();
    }
}
