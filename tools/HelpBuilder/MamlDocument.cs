using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HelpBuilder;

/// <summary>Help in MAML, the form that Get-Help reads.</summary>
public static partial class MamlDocument
{
    private static readonly XNamespace Items = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>One document with all pages.</summary>
    public static XDocument From(IEnumerable<HelpPage> pages) => new(
        new XElement(Items + "helpItems", new XAttribute("schema", "maml"), pages.Select(CommandOf)));

    private static XElement CommandOf(HelpPage page)
    {
        var words = page.Name.Split('-', 2);
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "command", Command.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "dev", Dev.NamespaceName),
            new XElement(
                Command + "details",
                new XElement(Command + "name", page.Name),
                new XElement(Command + "verb", words[0]),
                new XElement(Command + "noun", words[^1]),
                new XElement(Maml + "description", Para(page.Synopsis))),
            new XElement(Maml + "description", page.Description.Select(Para)),
            new XElement(Command + "syntax", page.Syntax.Select(line => SyntaxItem(page, line))),
            new XElement(Command + "parameters", page.Parameters.Select(parameter => Parameter(parameter, parameter.Fact("Required"), parameter.Fact("Position")))),
            new XElement(Command + "inputTypes", page.Inputs.Select(type => new XElement(Command + "inputType", TypeOf(type)))),
            new XElement(Command + "returnValues", page.Outputs.Select(type => new XElement(Command + "returnValue", TypeOf(type)))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", "about_ContainerTools"))));
    }

    private static XElement SyntaxItem(HelpPage page, string line) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", page.Name),
        SyntaxWord().Matches(line).Select(match => (Match: match, Parameter: page.Parameters.FirstOrDefault(parameter => parameter.Name == match.Groups["name"].Value)))
            .Where(word => word.Parameter is not null)
            .Select(word =>
            {
                var optional = word.Match.Value.StartsWith("[[", StringComparison.Ordinal) || (word.Match.Value.StartsWith('[') && !word.Match.Value.StartsWith($"[-{word.Parameter!.Name}] ", StringComparison.Ordinal));
                return Parameter(word.Parameter!, optional ? "false" : "true", word.Parameter!.Fact("Position"));
            }));

    private static XElement Parameter(HelpParameter parameter, string required, string position)
    {
        var type = parameter.Fact("Type");
        return new XElement(
            Command + "parameter",
            new XAttribute("required", required),
            new XAttribute("variableLength", type.EndsWith("[]", StringComparison.Ordinal) ? "true" : "false"),
            new XAttribute("globbing", parameter.Fact("Wildcards")),
            new XAttribute("pipelineInput", Pipeline(parameter.Fact("Pipeline input"))),
            new XAttribute("position", position),
            new XAttribute("aliases", parameter.Fact("Aliases")),
            new XElement(Maml + "name", parameter.Name),
            new XElement(Maml + "description", Para(parameter.Description)),
            type == "SwitchParameter" ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), type),
            new XElement(Dev + "type", new XElement(Maml + "name", type)));
    }

    private static string Pipeline(string fact) => fact switch
    {
        "by value" => "true (ByValue)",
        "by property name" => "true (ByPropertyName)",
        "by value, by property name" => "true (ByValue, ByPropertyName)",
        _ => "false",
    };

    private static XElement Example(HelpExample example) => new(
        Command + "example",
        new XElement(Maml + "title", example.Title),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", Para(example.Remarks)));

    private static XElement TypeOf(string name) => new(Dev + "type", new XElement(Maml + "name", name));

    private static XElement Para(string text) => new(Maml + "para", text);

    [GeneratedRegex(@"\[{0,2}-(?<name>\w+)\]?( <[^>]+>)?\]?")]
    private static partial Regex SyntaxWord();
}
