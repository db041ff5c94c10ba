using System.Diagnostics;
using System.Security.Cryptography;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Tests.Running;

/// <summary>Attacks of images and containers on the host, by the numbers under which they became known.</summary>
public sealed class SecurityTests
{
    [Fact]
    public void CVE_2019_5736_a_program_that_is_proc_self_exe_cannot_write_the_runtime()
    {
        byte[] before = SHA256.HashData(File.ReadAllBytes(Bundle.Ctrun));
        using Bundle bundle = new Bundle().WithArgs("/attack");

        // The container executes the runtime's own file, which starts, says so, and tries nothing worse than to be written to.
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "attack"), "/proc/self/exe");
        bundle.Run();

        using Bundle running = LifecycleTests.Running();
        running.Invoke("exec", running.Id, "sh", "-c", "exec 9>>/proc/self/exe");
        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(Bundle.Ctrun)));
    }

    [Fact]
    public void CVE_2019_5736_the_file_that_the_container_can_reach_lies_on_a_read_only_mount()
    {
        using Bundle bundle = new Bundle().WithArgs("true");
        bundle.Program = Path.Combine(bundle.Root, "ctrun");
        File.Copy(Bundle.Ctrun, bundle.Program);
        LifecycleTests.Created(bundle);

        // The waiting first process still is the runtime: what a container could hold on to until nothing executes the file any more.
        using FileStream held = File.OpenRead($"/proc/{LifecycleTests.Pid(bundle)}/exe");
        Assert.Equal(0, bundle.Invoke("delete", "--force", bundle.Id).ExitCode);
        IOException refused = Assert.ThrowsAny<IOException>(() => File.OpenWrite($"/proc/self/fd/{held.SafeFileHandle.DangerousGetHandle()}").Dispose());
        Assert.Contains("Read-only", refused.Message, StringComparison.Ordinal);

        held.Dispose();

        // Control: the same file, held by its path, can be written.
        using FileStream control = new(bundle.Program, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        new FileStream($"/proc/self/fd/{control.SafeFileHandle.DangerousGetHandle()}", FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
    }

    [Theory]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/proc/self/fd/7")]
    [InlineData("/proc/self/fd/10")]
    [InlineData("/proc/thread-self/fd/5")]
    public void CVE_2024_21626_a_working_directory_behind_a_descriptor_is_refused(string directory)
    {
        using Bundle bundle = new Bundle().WithArgs("ls", "-l", ".").With(config => config with { Process = config.Process! with { Cwd = directory } });
        Bundle.Result result = bundle.Run();
        Assert.Equal((125, ""), (result.ExitCode, result.Output));

        using Bundle running = LifecycleTests.Running();
        Assert.Equal(125, running.Invoke("exec", "--cwd", directory, running.Id, "ls", ".").ExitCode);
    }

    [Fact]
    public void CVE_2024_21626_the_program_has_no_descriptors_but_its_streams()
    {
        using Bundle bundle = new Bundle().WithShell("ls /proc/1/fd; true");
        Assert.Equal("0\n1\n2\n", bundle.Run().Output);
        using Bundle running = LifecycleTests.Running();
        Assert.Equal("0\n1\n2\n", running.Invoke("exec", running.Id, "sh", "-c", "ls /proc/$$/fd; true").Output);

        // A descriptor that the caller left open does not come in either; the control is that the runtime does get it.
        bundle.Config.Save(Path.Combine(bundle.Root, "config.json"));
        string command = $"exec 9</; ls -l /proc/self/fd/9 >&2; exec '{bundle.Program}' --root '{bundle.StateRoot}' run --bundle '{bundle.Root}' {bundle.Id}";
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Assert.Equal("0\n1\n2\n", shell.StandardOutput.ReadToEnd());
        Assert.Contains("9 -> /", shell.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    public void CVE_2019_19921_proc_and_sys_as_links_are_refused(string name)
    {
        using Bundle bundle = new Bundle().WithArgs("true");
        Directory.CreateDirectory(Path.Combine(bundle.Rootfs, "elsewhere"));
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, name), "/elsewhere");
        Bundle.Result result = bundle.Run();
        Assert.Equal(125, result.ExitCode);
        Assert.Contains($"/{name}", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(bundle.Rootfs, "elsewhere")));
        bundle.RequireNothingLeft();

        // Control: it is the link, not the name, that is refused.
        File.Delete(Path.Combine(bundle.Rootfs, name));
        Assert.Equal(0, bundle.Run().ExitCode);
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/self/attr")]
    [InlineData("/x/../proc")]
    public void CVE_2019_16884_a_volume_over_proc_is_refused(string destination)
    {
        using Bundle bundle = WithMount(new Bundle().WithArgs("true"), destination, "/tmp");
        Assert.Equal(125, bundle.Run().ExitCode);
    }

    [Theory]
    [InlineData("/proc/sys", "tmpfs")]
    [InlineData("/proc/self/attr", "tmpfs")]
    [InlineData("/proc", "tmpfs")]
    [InlineData("/proc/self", "proc")]
    public void CVE_2025_52881_another_file_system_in_proc_is_refused(string destination, string type)
    {
        using Bundle bundle = new Bundle().WithArgs("true").With(config => config with
        {
            Mounts = [.. config.Mounts, new RuntimeMount { Destination = destination, Type = type, Source = type }],
            Linux = config.Linux! with { Sysctl = new Dictionary<string, string> { ["kernel.msgmax"] = "4242" } },
        });
        Bundle.Result result = bundle.Run();
        Assert.Equal(125, result.ExitCode);
        Assert.Contains(destination, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CVE_2019_16884_a_volume_on_a_link_to_proc_is_refused()
    {
        using Bundle bundle = WithMount(new Bundle().WithArgs("true"), "/innocent", "/tmp");
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "innocent"), "/proc/self");
        Bundle.Result result = bundle.Run();
        Assert.Equal(125, result.ExitCode);
    }

    [Theory]
    [InlineData("../../../../../../..")]
    [InlineData("/")]
    public void CVE_2021_30465_a_mount_target_behind_a_link_stays_inside(string up)
    {
        using Bundle bundle = new Bundle();
        string outside = Path.Combine(bundle.Root, "outside");
        string source = Path.Combine(bundle.Root, "source");
        Directory.CreateDirectory(outside);
        Directory.CreateDirectory(source);
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "link"), up + outside);
        WithMount(bundle, "/link/made", source).WithShell($"touch {outside}/made/file");
        Bundle.Result result = bundle.Run();
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.Equal(125, result.ExitCode);

        // Control: where the link's target exists inside, the mount lands there.
        Directory.CreateDirectory(Path.Join(bundle.Rootfs, outside));
        Assert.Equal(0, bundle.Run().ExitCode);
        Assert.True(File.Exists(Path.Combine(source, "file")));
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public void CVE_2026_41579_dev_as_a_link_makes_nothing_outside()
    {
        using Bundle bundle = new Bundle().WithArgs("true").With(config => config with { Mounts = [.. config.Mounts.Where(mount => !mount.Destination.StartsWith("/dev", StringComparison.Ordinal))] });
        string outside = Path.Combine(bundle.Root, "outside");
        Directory.CreateDirectory(outside);
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "dev"), $"../../../../../../../..{outside}");
        bundle.Run();
        Assert.Empty(Directory.GetFileSystemEntries(outside));

        // Control: where the link leads inside, its target is filled.
        DirectoryInfo inside = Directory.CreateDirectory(Path.Join(bundle.Rootfs, outside));
        Assert.Equal(0, bundle.Run().ExitCode);
        Assert.NotEmpty(inside.GetFileSystemInfos());
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public void CVE_2025_31133_dev_null_as_a_link_is_refused()
    {
        using Bundle bundle = new Bundle().WithArgs("true").With(config => config with { Mounts = [.. config.Mounts.Where(mount => !mount.Destination.StartsWith("/dev", StringComparison.Ordinal))] });
        Directory.CreateDirectory(Path.Combine(bundle.Rootfs, "dev"));
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "dev/null"), "/proc/sys/kernel/core_pattern");
        Bundle.Result result = bundle.Run();
        Assert.Equal(125, result.ExitCode);
        Assert.Contains("/dev/null", result.Error, StringComparison.Ordinal);

        // Control: without the link the device is made, and is what it should be.
        File.Delete(Path.Combine(bundle.Rootfs, "dev/null"));
        Assert.Equal("character special file 1,3\n", bundle.WithArgs("stat", "-c", "%F %t,%T", "/dev/null").Run().Output);
    }

    [Fact]
    public void CVE_2025_31133_what_is_masked_is_never_covered_by_what_the_image_calls_dev_null()
    {
        // /dev is a volume here, so nothing is made or checked in it.
        using Bundle bundle = new();
        DirectoryInfo dev = Directory.CreateDirectory(Path.Combine(bundle.Root, "dev"));
        File.WriteAllText(Path.Combine(bundle.Root, "dev/secret"), "of the image\n");
        File.CreateSymbolicLink(Path.Combine(dev.FullName, "null"), "secret");
        bundle.WithArgs("cat", "/proc/timer_list", "/dev/null").With(config => config with
        {
            Mounts = [.. config.Mounts.Where(mount => !mount.Destination.StartsWith("/dev", StringComparison.Ordinal)), new RuntimeMount { Destination = "/dev", Type = "bind", Source = dev.FullName, Options = ["rbind"] }],
        });

        // Control: the last line shows that the container's own /dev/null is the link.
        Assert.Equal("of the image\n", bundle.Run().Output);
        Assert.NotEmpty(File.ReadAllText("/proc/timer_list"));
    }

    [Fact]
    [Trait("Cgroup", "any")]
    public void CVE_2023_25809_cgroups_without_a_namespace_cannot_be_written()
    {
        using Bundle bundle = new Bundle().WithShell("mkdir /sys/fs/cgroup/*/x 2>/dev/null || mkdir /sys/fs/cgroup/x 2>/dev/null || echo refused").With(config => config with
        {
            Mounts = [.. config.Mounts.Where(mount => mount.Type != "cgroup"), new RuntimeMount { Destination = "/sys/fs/cgroup", Type = "cgroup", Options = ["rw"] }],
            Linux = config.Linux! with { Namespaces = [.. config.Linux.Namespaces.Where(space => space.Type != "cgroup")] },
        });
        Assert.Equal("refused\n", bundle.Run().Output);

        // Control: in a namespace of its own a container may be given its own cgroup to write.
        bundle.With(config => config with { Linux = config.Linux! with { Namespaces = [.. config.Linux.Namespaces, new NamespaceSpec { Type = "cgroup" }] } });
        Assert.Equal("", bundle.Run().Output);
        bundle.RequireNothingLeft();
    }

    [Theory]
    [InlineData("kernel.core_pattern")]
    [InlineData("net..ipv4.ip_forward")]
    [InlineData("vm.overcommit_memory")]
    public void CVE_2025_52881_parameters_of_the_host_are_refused(string name)
    {
        using Bundle bundle = new Bundle().WithArgs("true").With(config => config with { Linux = config.Linux! with { Sysctl = new Dictionary<string, string> { [name] = "1" } } });
        Assert.Equal(125, bundle.Run().ExitCode);
    }

    [Fact]
    public void parameters_of_own_namespaces_are_set()
    {
        using Bundle bundle = new Bundle().WithArgs("cat", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/kernel/msgmax").With(config => config with
        {
            Linux = config.Linux! with { Sysctl = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1", ["kernel.msgmax"] = "4242" } },
        });
        Assert.Equal("1\n4242\n", bundle.Run().Output);
    }

    private static Bundle WithMount(Bundle bundle, string destination, string source) => bundle.With(config => config with
    {
        Mounts = [.. config.Mounts, new RuntimeMount { Destination = destination, Type = "bind", Source = source, Options = ["rbind"] }],
    });
}
