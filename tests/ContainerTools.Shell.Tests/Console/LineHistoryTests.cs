using ContainerTools.Shell.Console;

namespace ContainerTools.Shell.Tests.Console;

public sealed class LineHistoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Lines_are_there_again_in_the_next_session_and_private_to_the_user()
    {
        var path = Path.Combine(_directory.Path, "state", "history");
        new LineHistory(path).Add("Get-Image");
        Assert.Equal("Get-Image", new LineHistory(path).Previous());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_line_that_starts_with_a_blank_is_not_kept()
    {
        var history = new LineHistory(null);
        history.Add(" $secret = 1");
        Assert.Null(history.Previous());
    }

    public void Dispose() => _directory.Dispose();
}
