using System.Diagnostics;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Runtime.Tests.Monitoring;

public class MonitorTests
{
    private static string MountedAt(string path) => File.ReadAllLines("/proc/self/mountinfo").First(line => line.Split(' ')[4] == path);

    [Fact]
    [Trait("Cgroup", "any")]
    public void A_run_is_logged_and_recorded_and_leaves_nothing()
    {
        using var bundle = new MonitorBundle("sh", "-c", "echo out; echo err >&2; exit 7");
        var events = bundle.Run();
        Assert.Equal(["started", "exited"], events.Select(item => item.Kind));
        Assert.Equal(7, events[1].Exit!.ExitCode);
        Assert.Null(events[1].Message);
        Assert.Equal(events[1].Exit, bundle.Exit);
        Assert.False(bundle.Exit!.OomKilled);
        Assert.True(bundle.Exit.Started <= bundle.Exit.Finished);
        Assert.Equal("out\n", bundle.Logged("stdout"));
        Assert.Equal("err\n", bundle.Logged("stderr"));
        bundle.AssertNothingLeft();
    }

    [Theory]
    [InlineData("nosuch", "CommandNotFound", 127)]
    [InlineData("/bin/nosuch", "CommandNotFound", 127)]
    [InlineData("/proc", "CommandNotExecutable", 126)]
    public void A_command_that_cannot_run_is_told_and_recorded(string command, string code, int exitCode)
    {
        using var bundle = new MonitorBundle(command);
        var told = Assert.Single(bundle.Run());
        Assert.Equal(("error", code), (told.Kind, told.Code));
        Assert.NotEqual(0, told.Errno);
        Assert.Equal(exitCode, bundle.Exit!.ExitCode);
        Assert.Equal(told.Message, bundle.Exit.Error);
        bundle.AssertNothingLeft();
    }

    [Fact]
    public void A_bundle_without_a_layer_is_told_with_errno_and_call()
    {
        using var bundle = new MonitorBundle("true");
        bundle.Spec = bundle.Spec with { Overlay = bundle.Spec.Overlay! with { Lower = [bundle.DirectoryPath + "/missing"] } };
        var told = Assert.Single(bundle.Run());
        Assert.Equal(("error", "ContainerStartFailed", 2), (told.Kind, told.Code, told.Errno));
        Assert.Contains("missing", told.Path + told.Message, StringComparison.Ordinal);
        Assert.Equal(125, bundle.Exit!.ExitCode);
        bundle.AssertNothingLeft();
    }

    [Fact]
    public void A_signal_to_the_monitor_reaches_the_container_and_its_death_is_recorded()
    {
        using var bundle = new MonitorBundle("sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done");
        using var monitor = bundle.Start();
        Assert.Equal("started", monitor.Read()!.Kind);
        Assert.True(SpinWait.SpinUntil(() => bundle.Logged("stdout").Length > 0, 10_000));
        using (var process = Process.GetProcessById(monitor.Pid))
        using (var pidfd = Pidfd.Open(monitor.Pid, ProcessStat.Read(monitor.Pid)!.Value.StartTime)!)
        {
            // Signals that would end an ordinary program are swallowed; SIGTERM is passed on.
            Assert.True(pidfd.SendSignal(Signals.Parse("HUP")!.Value));
            Assert.True(pidfd.SendSignal(Signals.Parse("INT")!.Value));
            Assert.True(pidfd.SendSignal(Signals.Terminate));
        }

        Assert.Equal(9, Assert.Single(monitor.ReadToEnd()).Exit!.ExitCode);
        bundle.AssertNothingLeft();
    }

    [Fact]
    public void Death_by_a_signal_is_128_and_its_number()
    {
        using var bundle = new MonitorBundle("sleep", "60");
        using var monitor = bundle.Start();
        var started = monitor.Read()!;
        using (var pidfd = Pidfd.Open(started.Pid, bundle.State!.StartTime)!)
        {
            pidfd.SendSignal(Signals.Kill);
        }

        Assert.Equal(137, Assert.Single(monitor.ReadToEnd()).Exit!.ExitCode);
        Assert.Equal(0, monitor.Wait());
        bundle.AssertNothingLeft();
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public void Want_of_memory_is_recorded_as_such()
    {
        using var bundle = new MonitorBundle("sh", "-c", "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done") { Memory = 16 << 20 };
        var exit = bundle.Run()[^1].Exit!;
        Assert.Equal((137, true), (exit.ExitCode, exit.OomKilled));
        bundle.AssertNothingLeft();
    }

    [Fact]
    public void Ten_megabytes_rotate_without_losing_the_newest()
    {
        using var bundle = new MonitorBundle("seq", "1000000", "1799999");
        bundle.Spec = bundle.Spec with { Log = bundle.Spec.Log! with { MaximumSize = 10_000_000, MaximumFiles = 2 } };
        Assert.Equal(0, bundle.Run()[^1].Exit!.ExitCode);
        Assert.Equal(2, Directory.GetFiles(bundle.DirectoryPath, "log.json*").Length);
        Assert.InRange(new FileInfo(bundle.LogPath + ".1").Length, 9_900_000, 10_000_000);
        Assert.EndsWith("\n1799998\n1799999\n", bundle.Logged("stdout"), StringComparison.Ordinal);
        bundle.AssertNothingLeft();
    }

    [Fact]
    public void Attached_output_and_input_pass_through_and_end()
    {
        using var bundle = new MonitorBundle("sh", "-c", "cat; echo done >&2");
        bundle.Spec = bundle.Spec with { AttachStdin = true, AttachStdout = true, AttachStderr = true };
        using var input = new Pipe();
        using var output = new Pipe();
        using var error = new Pipe();
        using var monitor = bundle.Start(input.Reader, output.Writer, error.Writer);
        input.Reader.Dispose();
        output.Writer.Dispose();
        error.Writer.Dispose();
        using (var writer = new FileStream(input.Writer, FileAccess.Write))
        {
            writer.Write("hello"u8);
        }

        Assert.Equal("hello", new StreamReader(new FileStream(output.Reader, FileAccess.Read)).ReadToEnd());
        Assert.Equal("done\n", new StreamReader(new FileStream(error.Reader, FileAccess.Read)).ReadToEnd());
        Assert.Equal(0, monitor.ReadToEnd()[^1].Exit!.ExitCode);
        Assert.Equal("hello", bundle.Logged("stdout"));
        bundle.AssertNothingLeft();
    }

    [Fact]
    public void A_reader_that_goes_away_does_not_stop_the_container()
    {
        using var bundle = new MonitorBundle("sh", "-c", "seq 1 50000; echo end");
        bundle.Spec = bundle.Spec with { AttachStdout = true };
        using var output = new Pipe();
        using var monitor = bundle.Start(output: output.Writer);
        output.Writer.Dispose();
        var buffer = new byte[10];
        Assert.InRange(ReadSome(output, buffer), 1, 10);
        output.Reader.Dispose();
        Assert.Equal(0, monitor.ReadToEnd()[^1].Exit!.ExitCode);
        Assert.EndsWith("\n50000\nend\n", bundle.Logged("stdout"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_reader_gets_everything()
    {
        using var bundle = new MonitorBundle("seq", "1", "100000");
        bundle.Spec = bundle.Spec with { AttachStdout = true };
        using var output = new Pipe();
        using var monitor = bundle.Start(output: output.Writer);
        output.Writer.Dispose();
        Thread.Sleep(300);
        var text = new StreamReader(new FileStream(output.Reader, FileAccess.Read)).ReadToEnd();
        Assert.Equal(string.Concat(Enumerable.Range(1, 100_000).Select(number => $"{number}\n")), text);
        Assert.Equal(0, monitor.ReadToEnd()[^1].Exit!.ExitCode);
    }

    [Fact]
    public void The_container_survives_the_death_of_its_caller()
    {
        using var bundle = new MonitorBundle("sh", "-c", "sleep 1; echo late; exit 3");
        bundle.Write();
        using (var caller = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"'{RuntimeBinary.Path}' monitor --bundle '{bundle.DirectoryPath}' 3>/dev/null & wait"]) { RedirectStandardOutput = true })!)
        {
            Assert.True(SpinWait.SpinUntil(() => bundle.State is not null, 10_000));
            caller.Kill();
            caller.WaitForExit();
        }

        Assert.True(SpinWait.SpinUntil(() => bundle.Exit is not null && !Directory.Exists(Path.Combine(bundle.Spec.StateRoot, bundle.Id)), 20_000));
        Assert.Equal(3, bundle.Exit!.ExitCode);
        Assert.Equal("late\n", bundle.Logged("stdout"));
        bundle.AssertNothingLeft();
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public void What_a_killed_monitor_left_is_cleared_by_the_next_start()
    {
        using var bundle = new MonitorBundle("sleep", "60");
        int orphan;
        ulong orphanStart;
        using (var monitor = bundle.Start())
        {
            orphan = monitor.Read()!.Pid;
            orphanStart = bundle.State!.StartTime;
            using var pidfd = Pidfd.Open(monitor.Pid, ProcessStat.Read(monitor.Pid)!.Value.StartTime)!;
            pidfd.SendSignal(Signals.Kill);
            monitor.Wait();
            Assert.True(ProcessStat.IsAlive(orphan, orphanStart));
            Assert.Contains("overlay", MountedAt(bundle.Spec.Overlay!.Target), StringComparison.Ordinal);
        }

        bundle.Command = ["echo", "again"];
        Assert.Equal(0, bundle.Run()[^1].Exit!.ExitCode);
        Assert.False(ProcessStat.IsAlive(orphan, orphanStart));
        Assert.Equal("again\n", bundle.Logged("stdout"));
        bundle.AssertNothingLeft();
    }

    [Fact]
    public void A_second_monitor_of_a_running_container_is_refused_and_harms_nothing()
    {
        using var bundle = new MonitorBundle("sh", "-c", "sleep 1; echo first");
        using var first = bundle.Start();
        Assert.Equal("started", first.Read()!.Kind);
        var told = Assert.Single(bundle.Run());
        Assert.Equal(("error", "ContainerStartFailed"), (told.Kind, told.Code));
        Assert.Contains("overlay", MountedAt(bundle.Spec.Overlay!.Target), StringComparison.Ordinal);
        Assert.Null(bundle.Exit);
        Assert.Equal(0, Assert.Single(first.ReadToEnd()).Exit!.ExitCode);
        Assert.Equal("first\n", bundle.Logged("stdout"));
        Assert.Equal(0, bundle.Exit!.ExitCode);
        bundle.AssertNothingLeft();
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public void A_hundred_and_twenty_layers_with_colons_in_their_paths_mount()
    {
        using var bundle = new MonitorBundle("sh", "-c", "cat /n1 /n60 /n119; echo x >/new");
        var layers = new List<string>(bundle.Spec.Overlay!.Lower);
        for (var number = 1; number < 120; number++)
        {
            var layer = Path.Combine(bundle.DirectoryPath, $"layer:{number}:{new string('x', 200)}");
            Directory.CreateDirectory(layer);
            File.WriteAllText(Path.Combine(layer, $"n{number}"), $"{number}\n");
            layers.Add(layer);
        }

        bundle.Spec = bundle.Spec with { Overlay = bundle.Spec.Overlay with { Lower = layers } };
        Assert.Equal(0, bundle.Run()[^1].Exit!.ExitCode);
        Assert.Equal("1\n60\n119\n", bundle.Logged("stdout"));
        Assert.Equal("x\n", File.ReadAllText(Path.Combine(bundle.Spec.Overlay.Upper, "new")));
        bundle.AssertNothingLeft();
    }

    private static int ReadSome(Pipe pipe, byte[] buffer)
    {
        using var duplicate = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(pipe.Reader.DangerousGetHandle(), ownsHandle: false), FileAccess.Read);
        return duplicate.Read(buffer);
    }
}
