using System.Text;
using HelpBuilder;

if (args is not [var pages, var output])
{
    Console.Error.WriteLine("usage: HelpBuilder DIRECTORY-OF-DOCS OUTPUT-DIRECTORY");
    return 2;
}

try
{
    Directory.CreateDirectory(output);
    var commands = Directory.EnumerateFiles(Path.Combine(pages, "cmdlets"), "*.md").Order(StringComparer.Ordinal).Select(HelpPage.Read).ToList();
    MamlDocument.From(commands).Save(Path.Combine(output, "ContainerTools.Cmdlets.dll-Help.xml"));
    foreach (var about in Directory.EnumerateFiles(pages, "about_*.md"))
    {
        var target = Path.Combine(output, Path.GetFileNameWithoutExtension(about) + ".help.txt");
        File.WriteAllText(target, AboutTopic.ToText(File.ReadAllText(about)), new UTF8Encoding(false));
    }

    return 0;
}
catch (HelpPageException e)
{
    Console.Error.WriteLine($"error : {e.Message}");
    return 1;
}
