using System.Text;

namespace ContainerTools.Engine.Tests.Build;

public sealed class SecretTests : IDisposable
{
    private const string Secret = "hunter2-do-not-keep";
    private readonly BuildFixture _fixture = new(withRuntime: true);

    public SecretTests() => _fixture.WithBusybox("base");

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("type=secret,id=token", "cat /run/secrets/token; stat -c '%a %u:%g' /run/secrets/token", Secret + "400 0:0\n")]
    [InlineData("type=secret,id=token,target=/etc/t,mode=0440,uid=5,gid=6", "cat /etc/t; stat -c '%a %u:%g' /etc/t", Secret + "440 5:6\n")]
    [InlineData("type=secret,target=/root/token", "cat /root/token", Secret)]
    [InlineData("type=secret,id=token,env=TOKEN", "echo $TOKEN; ls /run/secrets 2>/dev/null || echo none", Secret + "\nnone\n")]
    [InlineData("type=secret,id=token,env=TOKEN,target=/t", "echo $TOKEN; cat /t", Secret + "\n" + Secret)]
    [InlineData("type=secret,id=other", "ls /run/secrets/other 2>/dev/null || echo none", "none\n")]
    public async Task A_step_gets_the_secret_it_asks_for(string mount, string command, string expected)
    {
        var lines = new StringBuilder();
        await BuildAsync($"FROM base\nRUN --mount={mount} {command}\n", lines);
        Assert.Equal(expected.TrimEnd('\n'), lines.ToString().TrimEnd('\n'));
    }

    [Fact]
    public async Task It_is_neither_in_the_image_nor_anywhere_in_the_store_afterwards()
    {
        var result = await BuildAsync("FROM base\nRUN --mount=type=secret,id=token --mount=type=secret,id=token,env=TOKEN cat /run/secrets/token > /dev/null; test -n \"$TOKEN\"\nRUN ls /run/secrets 2> /dev/null > /seen; echo \"$TOKEN\" >> /seen\n");

        // The next step has neither the file nor the variable nor the place.
        Assert.Equal("\n", _fixture.Text(result, "/seen"));
        Assert.Null(_fixture.Find(result, "/run/secrets"));
        Assert.DoesNotContain(Secret, string.Join(' ', _fixture.Config(result).History!.Select(entry => entry.CreatedBy)));

        // The control: the search finds what a careless step keeps.
        Assert.Empty(FilesWith(Secret));
        await BuildAsync("FROM base\nRUN --mount=type=secret,id=token cat /run/secrets/token > /kept\n");
        Assert.NotEmpty(FilesWith(Secret));
    }

    [Fact]
    public async Task A_changed_secret_runs_nothing_again()
    {
        const string Text = "FROM base\nRUN --mount=type=secret,id=token cat /run/secrets/token > /dev/null\n";
        await BuildAsync(Text);
        Assert.Equal(0, (await BuildAsync(Text, secret: "another")).Steps.Count(step => !step.Cached && step.Line == 2));
    }

    [Fact]
    public async Task A_required_secret_that_is_missing_is_told_with_its_line()
    {
        var error = await _fixture.FailAsync("FROM base\nRUN --mount=type=secret,id=absent,required=true true\n");
        Assert.StartsWith("Dockerfile:2", error.Message);
        Assert.Contains("'absent'", error.Message);
        Assert.Empty(_fixture.Leftovers());
    }

    private Task<BuildResult> BuildAsync(string dockerfile, StringBuilder? log = null, string secret = Secret) => _fixture.BuildAsync(
        dockerfile,
        request => request with { Secrets = new Dictionary<string, ReadOnlyMemory<byte>> { ["token"] = Encoding.UTF8.GetBytes(secret) } },
        log is null ? null : new Lines(log));

    private IEnumerable<string> FilesWith(string text) => new[] { _fixture.Paths.Root, _fixture.Paths.Run }
        .Where(Directory.Exists)
        .SelectMany(path => Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device }))
        .Where(path => File.ReadAllText(path, Encoding.Latin1).Contains(text, StringComparison.Ordinal));

    private sealed class Lines(StringBuilder log) : IProgress<EngineProgress>
    {
        public void Report(EngineProgress value)
        {
            if (value.LogLine is { } line)
            {
                log.Append(line).Append('\n');
            }
        }
    }
}
