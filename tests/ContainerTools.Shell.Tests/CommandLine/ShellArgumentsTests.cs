using ContainerTools.Shell.CommandLine;

namespace ContainerTools.Shell.Tests.CommandLine;

public class ShellArgumentsTests
{
    [Fact]
    public void A_path_is_a_script_and_all_words_after_it_are_the_scripts()
    {
        var parsed = ShellArguments.Parse(["-NoLogo", "a.ps1", "-Command", "x"], inputRedirected: false);
        Assert.Equal(ShellMode.File, parsed.Mode);
        Assert.Equal("a.ps1", parsed.Script);
        Assert.Equal(["-Command", "x"], parsed.Arguments);
        Assert.True(parsed.NoLogo);
    }

    [Fact]
    public void Command_takes_all_words_after_it_as_one_script() =>
        Assert.Equal("Get-Image | Remove-Image -WhatIf", ShellArguments.Parse(["-c", "Get-Image", "|", "Remove-Image", "-WhatIf"], false).Script);

    [Theory]
    [InlineData("-")]
    [InlineData("-Command", "-")]
    [InlineData("-File", "-")]
    public void A_dash_reads_the_script_from_standard_input(params string[] words) =>
        Assert.Equal(ShellMode.StandardInput, ShellArguments.Parse(words, false).Mode);

    [Fact]
    public void Without_words_the_shell_prompts_unless_input_is_redirected()
    {
        Assert.Equal(ShellMode.Interactive, ShellArguments.Parse([], inputRedirected: false).Mode);
        Assert.Equal(ShellMode.StandardInput, ShellArguments.Parse([], inputRedirected: true).Mode);
    }

    [Fact]
    public void An_unknown_option_is_named_in_the_error() =>
        Assert.Contains("'-Bogus'", Assert.Throws<ShellUsageException>(() => ShellArguments.Parse(["-Bogus"], false)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-File")]
    [InlineData("-Command")]
    [InlineData("-WorkingDirectory")]
    public void An_option_without_its_value_is_refused(string option) =>
        Assert.Throws<ShellUsageException>(() => ShellArguments.Parse([option], false));
}
