using ContainerTools.Engine.Build.Dockerfiles;

namespace ContainerTools.Engine.Tests.Build;

public class WordExpanderTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["x"] = "value", ["empty"] = "", ["path"] = "/usr/local/lib/libz.so.1", ["words"] = "a b  c", ["v1"] = "one", ["star"] = "*", ["glob"] = "a*b*c",
    };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$x", "value")]
    [InlineData("${x}", "value")]
    [InlineData("a${x}b", "avalueb")]
    [InlineData("$xy", "")]
    [InlineData("$x-y", "value-y")]
    [InlineData("$v1", "one")]
    [InlineData("$1st", "st")]
    [InlineData("$", "$")]
    [InlineData("a$", "a$")]
    [InlineData("$ x", "$ x")]
    [InlineData("$%", "$%")]
    [InlineData("$$", "")]
    [InlineData("\\$x", "$x")]
    [InlineData("\\\\$x", "\\value")]
    [InlineData("\\a", "a")]
    [InlineData("'$x'", "$x")]
    [InlineData("\"$x\"", "value")]
    [InlineData("\"\\$x\"", "$x")]
    [InlineData("\"a\\b\"", "a\\b")]
    [InlineData("\"a\\\"b\"", "a\"b")]
    [InlineData("'a\\b'", "a\\b")]
    [InlineData("a'b'c\"d\"", "abcd")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("'say \"hi\"'", "say \"hi\"")]
    [InlineData("$words", "a b  c")]
    [InlineData("${x:-other}", "value")]
    [InlineData("${none:-other}", "other")]
    [InlineData("${empty:-other}", "other")]
    [InlineData("${empty-other}", "")]
    [InlineData("${none-other}", "other")]
    [InlineData("${none:-}", "")]
    [InlineData("${x:+other}", "other")]
    [InlineData("${empty:+other}", "")]
    [InlineData("${empty+other}", "other")]
    [InlineData("${none+other}", "")]
    [InlineData("${none:-$x}", "value")]
    [InlineData("${none:-${empty:-deep}}", "deep")]
    [InlineData("${none:-\"a}b\"}", "a}b")]
    [InlineData("${x:?must}", "value")]
    [InlineData("${empty?must}", "")]
    [InlineData("${path#*/}", "usr/local/lib/libz.so.1")]
    [InlineData("${path##*/}", "libz.so.1")]
    [InlineData("${path%.*}", "/usr/local/lib/libz.so")]
    [InlineData("${path%%.*}", "/usr/local/lib/libz")]
    [InlineData("${path%/*}", "/usr/local/lib")]
    [InlineData("${x#val}", "ue")]
    [InlineData("${x#nope}", "value")]
    [InlineData("${x%??}", "val")]
    [InlineData("${glob#a\\*}", "b*c")]
    [InlineData("${glob#a*}", "*b*c")]
    [InlineData("${path/lib/LIB}", "/usr/local/LIB/libz.so.1")]
    [InlineData("${path//lib/LIB}", "/usr/local/LIB/LIBz.so.1")]
    [InlineData("${x/a*u/}", "ve")]
    [InlineData("${x/zzz/y}", "value")]
    [InlineData("${none/a/b}", "")]
    [InlineData("${x//l/$v1}", "vaoneue")]
    [InlineData("", "")]
    [InlineData("\"\"", "")]
    public void A_word_expands_as_Docker_defines_it(string word, string expected) =>
        Assert.Equal(expected, new WordExpander('\\', name => Variables.GetValueOrDefault(name)).Expand(word));

    [Theory]
    [InlineData("'open")]
    [InlineData("\"open")]
    [InlineData("${x")]
    [InlineData("${}")]
    [InlineData("${x:-open")]
    [InlineData("${x~y}")]
    [InlineData("${x:y}")]
    [InlineData("${none:?must be given}")]
    [InlineData("${none?}")]
    [InlineData("${empty:?}")]
    [InlineData("${x/a}")]
    [InlineData("${")]
    public void A_malformed_word_is_refused(string word)
    {
        var error = Assert.Throws<FormatException>(() => new WordExpander('\\', name => Variables.GetValueOrDefault(name)).Expand(word));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void A_required_variable_says_its_own_message() =>
        Assert.Contains("'none' must be set: give one", Assert.Throws<FormatException>(() => new WordExpander('\\', _ => null).Expand("${none:?give one}")).Message);

    [Theory]
    [InlineData("80 443", new[] { "80", "443" })]
    [InlineData("$words", new[] { "a", "b", "c" })]
    [InlineData("\"$words\"", new[] { "a b  c" })]
    [InlineData("'a b' c", new[] { "a b", "c" })]
    [InlineData("x$words", new[] { "xa", "b", "c" })]
    [InlineData("a\\ b", new[] { "a b" })]
    [InlineData("$none", new string[0])]
    [InlineData("\"\" a", new[] { "", "a" })]
    public void Words_split_outside_quotes_only(string text, string[] expected) =>
        Assert.Equal(expected, new WordExpander('\\', name => Variables.GetValueOrDefault(name)).ExpandWords(text));

    [Theory]
    [InlineData("say \"$x\" and '$x'\n", "say \"value\" and 'value'\n")]
    [InlineData("\\$x \\\\ \\n", "$x \\ \\n")]
    public void Here_documents_keep_their_quotes(string text, string expected) =>
        Assert.Equal(expected, new WordExpander('\\', name => Variables.GetValueOrDefault(name), keepQuotes: true).Expand(text));

    [Fact]
    public void The_escape_directive_changes_the_escape() =>
        Assert.Equal(@"C:\value$x", new WordExpander('`', name => Variables.GetValueOrDefault(name)).Expand(@"C:\$x`$x"));

    [Fact]
    public void A_hostile_pattern_costs_no_exponential_time()
    {
        var value = new string('a', 5000);
        var expander = new WordExpander('\\', _ => value);
        Assert.Equal(value, expander.Expand("${x#" + string.Concat(Enumerable.Repeat("*a", 20)) + "b}"));
    }
}
