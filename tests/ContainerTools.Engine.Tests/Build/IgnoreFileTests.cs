using ContainerTools.Engine.Build.Context;

namespace ContainerTools.Engine.Tests.Build;

public class IgnoreFileTests
{
    [Theory]
    [InlineData("*.md", "a.md", true)]
    [InlineData("*.md", "d/a.md", false)]
    [InlineData("**/*.md", "d/e/a.md", true)]
    [InlineData("**/*.md", "a.md", true)]
    [InlineData("*/temp*", "d/temporary", true)]
    [InlineData("*/temp*", "temporary", false)]
    [InlineData("*/*/temp*", "a/b/temp1", true)]
    [InlineData("temp?", "tempa", true)]
    [InlineData("temp?", "temp", false)]
    [InlineData("dir", "dir/a/b", true)]
    [InlineData("dir", "dirx", false)]
    [InlineData("/dir", "dir/a", true)]
    [InlineData("dir/", "dir/a", true)]
    [InlineData("./dir/../other", "other/x", true)]
    [InlineData("*", "anything/below", true)]
    [InlineData("**", "anything/below", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("# comment", "# comment", false)]
    [InlineData("\\#file", "#file", true)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[^a-c].txt", "b.txt", false)]
    [InlineData("[^a-c].txt", "z.txt", true)]
    [InlineData("a.b", "axb", false)]
    [InlineData("a+(b", "a+(b", true)]
    [InlineData("*.md\n!README.md", "README.md", false)]
    [InlineData("*.md\n!README.md", "OTHER.md", true)]
    [InlineData("!README.md\n*.md", "README.md", true)]
    [InlineData("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true)]
    [InlineData("*\n!src", "src/a", false)]
    [InlineData("*\n!src\nsrc/obj", "src/obj/x", true)]
    [InlineData("*\n!src/**/*.cs", "src/a/b.cs", false)]
    [InlineData("  spaced  ", "spaced", true)]
    [InlineData("crlf\r\nother", "crlf", true)]
    [InlineData("", "x", false)]
    public void The_last_matching_rule_decides(string rules, string path, bool ignored) =>
        Assert.Equal(ignored, IgnoreFile.Parse(".dockerignore", rules).IsIgnored(path));

    [Theory]
    [InlineData("*\n!src/a", "src", true)]
    [InlineData("*\n!src/a", "other", false)]
    [InlineData("node\n!**/keep", "node", true)]
    [InlineData("node", "node", false)]
    public void Ignored_directories_are_entered_for_exceptions_only(string rules, string directory, bool enter) =>
        Assert.Equal(enter, IgnoreFile.Parse(".dockerignore", rules).MayContainExceptions(directory));

    [Theory]
    [InlineData("a\n[b", 2)]
    [InlineData("!", 1)]
    public void A_malformed_pattern_names_its_line(string rules, int line)
    {
        var error = Assert.Throws<ContainerToolsException>(() => IgnoreFile.Parse(".dockerignore", rules));
        Assert.Equal("IgnoreFileSyntax", error.Code);
        Assert.StartsWith($".dockerignore:{line}: ", error.Message);
    }

    [Fact]
    public void The_Dockerfiles_own_ignore_file_goes_first()
    {
        var directory = Directory.CreateTempSubdirectory("ignore").FullName;
        try
        {
            File.WriteAllText(Path.Combine(directory, ".dockerignore"), "a");
            Assert.True(IgnoreFile.Load(null, Path.Combine(directory, "my.Dockerfile"), directory).IsIgnored("a"));
            File.WriteAllText(Path.Combine(directory, "my.Dockerfile.dockerignore"), "b");
            var own = IgnoreFile.Load(null, Path.Combine(directory, "my.Dockerfile"), directory);
            Assert.Equal((false, true), (own.IsIgnored("a"), own.IsIgnored("b")));
            Assert.Equal("BuildSourceNotFound", Assert.Throws<ContainerToolsException>(() => IgnoreFile.Load(Path.Combine(directory, "none"), null, directory)).Code);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
