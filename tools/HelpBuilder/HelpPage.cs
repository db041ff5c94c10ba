using Markdig;
using Markdig.Syntax;

namespace HelpBuilder;

/// <summary>The Markdown page of one cmdlet, taken apart by its headings.</summary>
public sealed record HelpPage
{
    /// <summary>Name of the cmdlet.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence.</summary>
    public required string Synopsis { get; init; }

    /// <summary>One line for each parameter set.</summary>
    public required IReadOnlyList<string> Syntax { get; init; }

    /// <summary>Paragraphs.</summary>
    public required IReadOnlyList<string> Description { get; init; }

    /// <summary>Examples, in order.</summary>
    public required IReadOnlyList<HelpExample> Examples { get; init; }

    /// <summary>Parameters, in order.</summary>
    public required IReadOnlyList<HelpParameter> Parameters { get; init; }

    /// <summary>Types that come in.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Types that go out.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Reads a page; throws when a section is missing.</summary>
    public static HelpPage Read(string path)
    {
        var source = File.ReadAllText(path);
        var blocks = Markdown.Parse(source).ToList();
        List<Block> Section(string title) => Under(blocks, source, 2, title) ?? throw new HelpPageException($"{path}: the section '## {title}' is missing.");

        var page = new HelpPage
        {
            Name = blocks.OfType<HeadingBlock>().Where(heading => heading.Level == 1).Select(heading => Title(heading, source)).FirstOrDefault() ?? throw new HelpPageException($"{path}: the title is missing."),
            Synopsis = string.Join(' ', Paragraphs(Section("SYNOPSIS"), source)),
            Syntax = [.. Section("SYNTAX").OfType<FencedCodeBlock>().Select(Code)],
            Description = Paragraphs(Section("DESCRIPTION"), source),
            Examples = [.. Parts(Section("EXAMPLES"), source).Select(part => new HelpExample(part.Title, string.Join('\n', part.Blocks.OfType<FencedCodeBlock>().Select(Code)), string.Join(' ', Paragraphs(part.Blocks, source))))],
            Parameters = [.. Parts(Section("PARAMETERS"), source).Select(part => new HelpParameter(part.Title.TrimStart('-'), string.Join(' ', Paragraphs(part.Blocks, source)), Facts(part.Blocks)))],
            Inputs = Paragraphs(Section("INPUTS"), source),
            Outputs = Paragraphs(Section("OUTPUTS"), source),
        };
        return page.Synopsis.Length == 0 || page.Syntax.Count == 0 || page.Description.Count == 0 || page.Examples.Count < 2
            ? throw new HelpPageException($"{path}: a synopsis, a syntax, a description and two examples are needed.")
            : page;
    }

    private static List<Block>? Under(List<Block> blocks, string source, int level, string title)
    {
        var start = blocks.FindIndex(block => block is HeadingBlock heading && heading.Level == level && Title(heading, source) == title);
        return start < 0 ? null : [.. blocks.Skip(start + 1).TakeWhile(block => block is not HeadingBlock heading || heading.Level > level)];
    }

    private static IEnumerable<(string Title, List<Block> Blocks)> Parts(List<Block> section, string source)
    {
        for (var index = 0; index < section.Count; index++)
        {
            if (section[index] is HeadingBlock { Level: 3 } heading)
            {
                yield return (Title(heading, source), [.. section.Skip(index + 1).TakeWhile(block => block is not HeadingBlock)]);
            }
        }
    }

    private static Dictionary<string, string> Facts(List<Block> blocks) => blocks.OfType<FencedCodeBlock>()
        .SelectMany(block => Code(block).Split('\n'))
        .Select(line => line.Split(':', 2))
        .Where(pair => pair.Length == 2)
        .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());

    private static List<string> Paragraphs(List<Block> blocks, string source) =>
        [.. blocks.OfType<ParagraphBlock>().Select(block => source.Substring(block.Span.Start, block.Span.Length).ReplaceLineEndings(" ").Replace("`", "", StringComparison.Ordinal))];

    private static string Title(HeadingBlock heading, string source) => source.Substring(heading.Span.Start, heading.Span.Length).TrimStart('#').Trim();

    private static string Code(FencedCodeBlock block) => block.Lines.ToString().TrimEnd();
}
