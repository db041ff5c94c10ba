namespace ContainerTools.Engine.Tests.Containers;

public class ContainerRunTests(EngineFixture host) : IClassFixture<EngineFixture>
{
    [Fact]
    public async Task Output_streams_are_kept_apart_and_the_exit_code_is_the_programs() =>
        Assert.Equal((7, "out\n", "err\n"), await host.ShellAsync("echo out; echo err >&2; exit 7"));

    [Fact]
    public async Task Standard_input_reaches_the_program() =>
        Assert.Equal((0, "one\ntwo\n", ""), await host.RunAsync(new ContainerSpec { Image = "base", Command = ["cat"] }, "one\ntwo\n"));

    [Fact]
    public async Task Without_input_the_program_reads_an_end_at_once() =>
        Assert.Equal((0, "", ""), await host.RunAsync(new ContainerSpec { Image = "base", Command = ["cat"] }));

    [Fact]
    public async Task A_hundred_megabytes_come_through_whole()
    {
        var counter = new CountingStream();
        await host.Containers.RunAsync(
            EngineFixture.Shell("head -c 100000000 /dev/zero") with { Remove = true }, new ContainerStreams { Stdout = counter }, TestContext.Current.CancellationToken);
        Assert.Equal(100_000_000, counter.Length);
    }

    [Fact]
    public async Task A_flood_on_standard_output_does_not_hold_back_standard_error()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var stderr = new SignallingStream();
        var counter = new SlowStream();
        var run = host.Containers.RunAsync(
            EngineFixture.Shell("yes & sleep 0.3; echo heard >&2; wait") with { Name = "flood", Remove = true, StopTimeout = TimeSpan.Zero },
            new ContainerStreams { Stdout = counter, Stderr = stderr },
            cancellation.Token);
        await stderr.FirstByte.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(counter.Length > 0);
    }

    [Theory]
    [InlineData("/no/such/program", "CommandNotFound", ErrorKind.NotFound)]
    [InlineData("nosuchprogram", "CommandNotFound", ErrorKind.NotFound)]
    [InlineData("/etc/passwd", "CommandNotExecutable", ErrorKind.PermissionDenied)]
    [InlineData("/etc", "CommandNotExecutable", ErrorKind.PermissionDenied)]
    public async Task A_command_that_cannot_run_says_which_and_leaves_nothing(string command, string code, ErrorKind kind)
    {
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.RunAsync(new ContainerSpec { Image = "base", Name = "cannot-run-" + Guid.NewGuid().ToString("N"), Command = [command] }));
        Assert.Equal((code, kind), (error.Code, error.Kind));
        Assert.Contains(command, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Containers.List(), container => container.Name.StartsWith("cannot-run-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_image_is_named()
    {
        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => host.RunAsync(new ContainerSpec { Image = "nosuch:1", Command = ["true"] }));
        Assert.Equal("ImageNotFound", error.Code);
    }

    [Fact]
    public async Task Cancelling_stops_and_removes_what_was_started()
    {
        using var cancellation = new CancellationTokenSource();
        using var stdout = new SignallingStream();
        var run = host.Containers.RunAsync(
            EngineFixture.Shell("trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done") with { Name = "cancelled", Remove = true },
            new ContainerStreams { Stdout = stdout },
            cancellation.Token);
        await stdout.FirstByte.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.DoesNotContain(host.Containers.List(), container => container.Name == "cancelled");
    }

    [Fact]
    public async Task Without_remove_the_ended_container_stays_with_its_record()
    {
        await host.Containers.RunAsync(EngineFixture.Shell("echo kept; exit 3") with { Name = "kept" }, new ContainerStreams(), TestContext.Current.CancellationToken);
        var container = host.Containers.Get("kept");
        Assert.Equal((ContainerState.Exited, 3, false), (container.State, container.ExitCode!.Value, container.OomKilled));
        Assert.True(container.Started <= container.Finished);
        await host.Containers.RemoveAsync("kept", force: false, TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists(container.WritableLayerPath));
    }

    private sealed class CountingStream : MemoryStream
    {
        private long _count;

        public override long Length => _count;

        public override void Write(byte[] buffer, int offset, int count) => _count += count;

        public override void Write(ReadOnlySpan<byte> buffer) => _count += buffer.Length;
    }

    /// <summary>Takes less than is written, so that there is always more to read.</summary>
    private sealed class SlowStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            Thread.Sleep(20);
            SetLength(1);
        }
    }

    private sealed class SignallingStream : MemoryStream
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task FirstByte => _first.Task;

        public override void Write(byte[] buffer, int offset, int count) => Signal(count);

        public override void Write(ReadOnlySpan<byte> buffer) => Signal(buffer.Length);

        private void Signal(int count)
        {
            if (count > 0)
            {
                _first.TrySetResult();
            }
        }
    }
}
