using System.Management.Automation;
using System.Text;

namespace ContainerTools.Cmdlets.Tests;

public sealed class InvokeContainerTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Invoke-Container base true", "true")]
    [InlineData("Invoke-Container base -Command sh, -c, 'echo hi' -Remove", "sh|-c|echo hi")]
    [InlineData("Invoke-Container base -- ls -l", "ls|-l")]
    [InlineData("Invoke-Container base ls -l", "ls|-l")]
    [InlineData("Invoke-Container base sh -c 'echo hi; id'", "sh|-c|echo hi; id")]
    [InlineData("Invoke-Container base -Remove -Name x sh -c 'a b' -e d", "sh|-c|a b|-e|d")]
    [InlineData("Invoke-Container -Image base id -u", "id|-u")]
    [InlineData("Invoke-Container base ps -ef", "ps|-ef")]
    [InlineData("Invoke-Container base echo 1 2", "echo|1|2")]
    public void Words_after_the_image_are_the_command(string script, string words)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(words, string.Join('|', _session.Containers.LastSpec!.Command!));
    }

    [Theory]
    [InlineData("Invoke-Container -u base id")]
    [InlineData("Invoke-Container base -m")]
    public void A_single_letter_before_the_command_is_refused(string script) =>
        Assert.Equal("AmbiguousCommandWord,ContainerTools.Cmdlets.InvokeContainerCmdlet", _session.Run(script).ErrorId);

    [Fact]
    public void Lines_of_standard_output_go_down_the_pipeline_as_they_come()
    {
        var seen = new SemaphoreSlim(0);
        _session.Containers.Process = async (streams, token) =>
        {
            await Write(streams.Stdout, "one\r\ntw");
            Assert.True(await seen.WaitAsync(TimeSpan.FromSeconds(30), token));
            await Write(streams.Stdout, "o\nlast");
            return 0;
        };
        _session.SetVariable("seen", seen);

        var outcome = _session.Run("Invoke-Container base x | ForEach-Object { $null = $seen.Release(); $_ }");

        Assert.Equal(["one", "two", "last"], outcome.Values);
    }

    [Fact]
    public void Characters_split_between_writes_stay_whole()
    {
        _session.Containers.Process = async (streams, _) =>
        {
            foreach (var one in Encoding.UTF8.GetBytes("grüße 🐋\n"))
            {
                await streams.Stdout!.WriteAsync(new[] { one }, CancellationToken.None);
            }

            return 0;
        };

        Assert.Equal(["grüße 🐋"], _session.Run("Invoke-Container base x").Values);
    }

    [Fact]
    public void Raw_keeps_the_text_and_byte_stream_keeps_the_bytes()
    {
        _session.Containers.Process = async (streams, _) =>
        {
            await Write(streams.Stdout, "a\r\n\nb");
            return 0;
        };

        Assert.Equal(["a\r\n\nb"], _session.Run("Invoke-Container base x -Raw").Values);
        Assert.Equal("a\r\n\nb"u8.ToArray(), _session.Run("Invoke-Container base x -AsByteStream").Values.Cast<byte>());
        Assert.Equal("a\r\n\nb"u8.ToArray(), Assert.IsType<byte[]>(Assert.Single(_session.Run("Invoke-Container base x -AsByteStream -Raw").Values)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$ErrorActionPreference = 'Stop'; ")]
    public void Standard_error_goes_to_the_error_stream_and_ends_nothing(string preference)
    {
        _session.Containers.Process = async (streams, _) =>
        {
            await Write(streams.Stderr, "warn 1\nwarn 2\n");
            await Write(streams.Stdout, "out\n");
            return 7;
        };

        var outcome = _session.Run(preference + "Invoke-Container base x; $LASTEXITCODE; \"$ErrorActionPreference\"");

        Assert.Equal(["warn 1", "warn 2"], outcome.Errors.Select(error => error.Exception.Message));
        Assert.All(outcome.Errors, error => Assert.Equal("NativeCommandError,ContainerTools.Cmdlets.InvokeContainerCmdlet", error.FullyQualifiedErrorId));
        Assert.Equal(["out", 7, preference.Length > 0 ? "Stop" : "Continue"], outcome.Values);
    }

    [Fact]
    public void A_failure_of_the_engine_still_stops_a_script_that_asked_for_it()
    {
        _session.Containers.Process = async (streams, _) =>
        {
            await Write(streams.Stderr, "warn\n");
            throw new ContainerToolsException(ErrorKind.Internal, "MonitorLost", "The monitor vanished.");
        };

        var stop = Assert.Throws<CmdletInvocationException>(() => _session.Run("$ErrorActionPreference = 'Stop'; Invoke-Container base x; 'went on'"));

        Assert.Equal("MonitorLost,ContainerTools.Cmdlets.InvokeContainerCmdlet", stop.ErrorRecord.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("CommandNotFound", 127)]
    [InlineData("CommandNotExecutable", 126)]
    [InlineData("ImageNotFound", 125)]
    public void A_container_that_cannot_run_sets_the_exit_code_docker_documents(string code, int exitCode)
    {
        _session.Containers.StartError = new ContainerToolsException(ErrorKind.NotFound, code, "No.", "base");

        var outcome = _session.Run("Invoke-Container base x");

        Assert.Equal($"{code},ContainerTools.Cmdlets.InvokeContainerCmdlet", outcome.ErrorId);
        Assert.Equal(exitCode, _session.Variable("LASTEXITCODE"));
    }

    [Fact]
    public void A_bad_exit_code_is_an_error_when_native_commands_make_one()
    {
        _session.Containers.Process = (_, _) => Task.FromResult(3);

        Assert.Empty(_session.Run("Invoke-Container base x").Errors);
        Assert.Equal(
            "ProgramExitedWithNonZeroCode,ContainerTools.Cmdlets.InvokeContainerCmdlet",
            _session.Run("$PSNativeCommandUseErrorActionPreference = $true; Invoke-Container base x").ErrorId);
    }

    [Fact]
    public void Piped_objects_are_the_standard_input()
    {
        _session.Containers.Process = Cat;

        Assert.Equal(["1", "two"], _session.Run("1, 'two' | Invoke-Container base cat").Values);
        Assert.Equal("ab"u8.ToArray(), _session.Run("[byte[]](97, 98) | Invoke-Container base cat -AsByteStream").Values.Cast<byte>());
        Assert.True(_session.Containers.LastSpec!.Interactive);
    }

    [Fact]
    public void Without_piped_objects_there_is_no_standard_input()
    {
        Stream? input = Stream.Null;
        _session.Containers.Process = (streams, _) =>
        {
            input = streams.Stdin;
            return Task.FromResult(0);
        };

        _session.Run("Invoke-Container base cat");

        Assert.Null(input);
        Assert.False(_session.Containers.LastSpec!.Interactive);
    }

    [Fact]
    public void More_output_than_the_queue_holds_passes_while_input_is_still_coming()
    {
        _session.Containers.Process = Cat;

        Assert.Equal(20000, _session.Run("1..20000 | Invoke-Container base cat").Output.Count);
    }

    [Fact]
    public async Task Stopping_the_pipeline_cancels_the_run()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _session.Containers.Process = async (_, token) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled.SetResult();
            }

            return 0;
        };
        using var shell = _session.Create("Invoke-Container base sleep 100");

        var run = shell.BeginInvoke();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        shell.Stop();

        Assert.True(cancelled.Task.IsCompleted);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
    }

    [Fact]
    public void A_consumer_that_fails_ends_the_run_too()
    {
        var cancelled = false;
        _session.Containers.Process = async (streams, token) =>
        {
            await Write(streams.Stdout, "first\n");
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled = true;
            }

            return 0;
        };

        Assert.Throws<RuntimeException>(() => _session.Run("Invoke-Container base x | ForEach-Object { throw 'enough' }"));
        Assert.True(cancelled);
    }

    [Fact]
    public void WhatIf_runs_nothing()
    {
        _session.Run("Invoke-Container base x -WhatIf");

        Assert.Empty(_session.Containers.Calls);
    }

    [Fact]
    public void PassThru_emits_the_exit_last()
    {
        _session.Containers.Process = (_, _) => Task.FromResult(137);

        var exit = Assert.IsType<ContainerExit>(Assert.Single(_session.Run("Invoke-Container base x -Name n -PassThru").Values));

        Assert.Equal((137, "n"), (exit.ExitCode, exit.Name));
    }

    private static async Task<int> Cat(ContainerStreams streams, CancellationToken token)
    {
        await streams.Stdin!.CopyToAsync(streams.Stdout!, token);
        return 0;
    }

    private static async Task Write(Stream? stream, string text) => await stream!.WriteAsync(Encoding.UTF8.GetBytes(text));
}
