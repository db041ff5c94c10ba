using ContainerTools.Shell.CommandLine;

namespace ContainerTools.Shell.Tests.CommandLine;

public class ScriptParametersTests
{
    [Theory]
    [InlineData("-Name", "-Name", null)]
    [InlineData("-Name:web", "-Name:", "web")]
    [InlineData("-Force:$false", "-Force:", false)]
    [InlineData("-5", null, "-5")]
    [InlineData("--", null, "--")]
    [InlineData("web", null, "web")]
    public void A_word_becomes_a_name_or_a_value(string word, string? name, object? value)
    {
        var parameter = Assert.Single(ScriptParameters.From([word]));
        Assert.Equal(name, parameter.Name);
        Assert.Equal(value, parameter.Value);
    }
}
