using System.Management.Automation;

namespace ContainerTools.Cmdlets.Tests;

public sealed class ImageCmdletTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public ImageCmdletTests()
    {
        _session.Images.Add("shop/web:1", "shop/web:latest");
        _session.Images.Add("base:latest");
        _session.Images.Add();
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Get-Image shop/*", "shop/web:1")]
    [InlineData("Get-Image base", "base:latest")]
    [InlineData("Get-Image bas*", "base:latest")]
    [InlineData("Get-Image none/*", "")]
    [InlineData("Get-Image base | Get-Image", "base:latest")]
    [InlineData("Get-ContainerImage shop/web:latest", "shop/web:1")]
    public void Get_selects_by_name(string script, string names)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), outcome.Names);
    }

    [Fact]
    public void A_missing_image_is_a_non_terminating_error()
    {
        var outcome = _session.Run("Get-Image ghost, base");

        Assert.Equal("ImageNotFound,ContainerTools.Cmdlets.GetImageCmdlet", outcome.ErrorId);
        Assert.Equal(["base:latest"], outcome.Names);
    }

    [Theory]
    [InlineData("Remove-Image shop/web:1", "remove shop/web:1 False")]
    [InlineData("Remove-Image shop/* -Force", "remove shop/web:1 True|remove shop/web:latest True")]
    [InlineData("Remove-Image * -WhatIf", "")]
    [InlineData("Add-ImageTag base x, y", "tag base x y False")]
    [InlineData("Get-Image base | Add-ImageTag -Tag x -Force", "tag base:latest x True")]
    [InlineData("Remove-ImageTag shop/web:*", "untag shop/web:1|untag shop/web:latest")]
    public void Changes_reach_the_engine(string script, string calls)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(calls, string.Join('|', _session.Images.Calls));
    }

    [Fact]
    public void A_piped_image_is_removed_with_all_its_tags()
    {
        var id = _session.Images.All[0].Id;

        _session.Run("Get-Image shop/web:1 | Remove-Image");

        Assert.Equal([$"remove {id} False"], _session.Images.Calls);
    }

    [Theory]
    [InlineData("Test-Image base", true)]
    [InlineData("Test-Image ghost", false)]
    [InlineData("Test-Image shop/*", true)]
    public void Test_answers_with_a_boolean(string script, bool expected) => Assert.Equal(expected, Assert.Single(_session.Run(script).Values));

    [Fact]
    public void Build_reads_secrets_from_wherever_they_are()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "from file");
            Environment.SetEnvironmentVariable("CT_BUILD_SECRET", "from environment");
            _session.Run($"$s = [securestring]::new(); 'abc'.ToCharArray() | & {{ process {{ $s.AppendChar($_) }} }}; Build-Image /ctx -Secret @{{ a = $s; b = '{file}'; c = 'env:CT_BUILD_SECRET' }}");
            var secrets = _session.Engine.BuildLog.LastRequest!.Secrets;
            Assert.Equal(["abc", "from file", "from environment"], new[] { "a", "b", "c" }.Select(id => System.Text.Encoding.UTF8.GetString(secrets[id].Span)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("'/no/such/file'", "BuildSecretNotFound")]
    [InlineData("'env:CT_NO_SUCH_VARIABLE'", "BuildSecretNotFound")]
    [InlineData("7", "InvalidBuildSecret")]
    public void Build_refuses_a_secret_without_a_value(string value, string code) =>
        Assert.StartsWith(code, Assert.Single(_session.Run($"Build-Image /ctx -Secret @{{ a = {value} }}").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Build_passes_its_options_and_writes_the_log_as_information()
    {
        _session.Engine.BuildLog.Reports =
        [
            new EngineProgress { Activity = "Build", Item = "step 1", Status = "RUN make", Done = 1, Total = 2 },
            new EngineProgress { Activity = "Build", Item = "step 1", LogLine = "cc -o app" },
            new EngineProgress { Activity = "Build", Item = "step 1", Completed = true },
        ];

        var outcome = _session.Run("Build-Image /ctx -Tag a, b -BuildArgument @{ V = 1 } -Target t -NoCache -ThrottleLimit 2");

        var request = _session.Engine.BuildLog.LastRequest!;
        Assert.Equal(("/ctx", "1", "t", true, 2), (request.ContextPath, request.BuildArguments["V"], request.Target, request.NoCache, request.ThrottleLimit));
        Assert.IsType<BuildResult>(Assert.Single(outcome.Values));
        var line = Assert.Single(outcome.Information);
        Assert.Equal(("cc -o app", "Build"), (line.MessageData.ToString(), Assert.Single(line.Tags)));
        Assert.Equal(ProgressRecordType.Completed, outcome.Progress[^1].RecordType);
        Assert.Contains(outcome.Progress, record => record.Activity == "step 1" && record.RecordType == ProgressRecordType.Completed);
    }

    [Fact]
    public void A_dockerfile_from_the_pipeline_has_no_context()
    {
        _session.Run("'FROM base', 'RUN true' | Build-Image -Tag x");

        var request = _session.Engine.BuildLog.LastRequest!;
        Assert.Equal((null, "FROM base\nRUN true\n"), (request.ContextPath, request.DockerfileText));
    }

    [Fact]
    public void A_failed_build_says_what_the_engine_said()
    {
        _session.Engine.BuildLog.Error = new ContainerToolsException(ErrorKind.InvalidArgument, "DockerfileSyntax", "Dockerfile:3: unknown instruction 'RUM'.", "Dockerfile");

        var outcome = _session.Run("Build-Image . -Tag x");

        Assert.Equal("DockerfileSyntax,ContainerTools.Cmdlets.BuildImageCmdlet", outcome.ErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, outcome.Errors[0].CategoryInfo.Category);
    }

    [Fact]
    public void Paths_are_seen_from_the_sessions_location()
    {
        _session.SetLocation("/tmp");

        _session.Run("$null = Import-Image a.tar -RootFilesystem -Tag t -Change 'CMD x'");

        var request = _session.Images.LastImport!;
        Assert.Equal(("/tmp/a.tar", true, "CMD x"), (request.Path, request.RootFilesystem, request.Changes[0]));
    }

    [Fact]
    public void Piped_bytes_are_an_archive()
    {
        _session.Run("$null = , [byte[]](1, 2) | Import-Image");

        Assert.Equal([1, 2], _session.Images.LastContent!);
    }
}
