using System.Diagnostics;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Commands;

namespace ContainerTools.Runtime.Tests.Running;

/// <summary>A bundle with a busybox root in a directory of its own, and a way to run ctrun on it.</summary>
public sealed class Bundle : IDisposable
{
    private static readonly string[] Applets =
        ["sh", "true", "cat", "id", "sleep", "mount", "grep", "stat", "hostname", "touch", "ln", "mkdir", "echo", "env", "pwd", "kill", "readlink", "ls", "head", "dd", "trap", "sed"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ctrun-test-");

    public Bundle()
    {
        string busybox = new[] { "/usr/bin/busybox", "/bin/busybox" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("busybox-static is missing; run tests/install-prerequisites.sh.");
        Directory.CreateDirectory(Path.Combine(Rootfs, "bin"));
        File.Copy(busybox, Path.Combine(Rootfs, "bin/busybox"));
        foreach (string applet in Applets)
        {
            File.CreateSymbolicLink(Path.Combine(Rootfs, "bin", applet), "busybox");
        }

        Config = ExampleConfiguration.Create() with { };
    }

    public static string Ctrun { get; } = FindCtrun();

    public string Root => _directory.FullName;

    public string Rootfs => Path.Combine(Root, "rootfs");

    public string StateRoot => Path.Combine(Root, "state");

    /// <summary>The runtime to run; a copy of its own for a test that looks at the file.</summary>
    public string Program { get; set; } = Ctrun;

    /// <summary>Variables for the runtime itself.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public string Id { get; } = $"t{Guid.NewGuid():N}";

    internal RuntimeConfig Config { get; set; }

    internal Bundle With(Func<RuntimeConfig, RuntimeConfig> change)
    {
        Config = change(Config);
        return this;
    }

    internal Bundle WithArgs(params string[] args) => With(config => config with { Process = config.Process! with { Args = args } });

    internal Bundle WithShell(string script) => WithArgs("sh", "-c", script);

    public Result Run(params string[] words)
    {
        Config.Save(Path.Combine(Root, "config.json"));
        return Invoke(["run", "--bundle", Root, Id, .. words]);
    }

    public Result Invoke(params string[] words)
    {
        using Process process = Start(words);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000), "ctrun hangs");
        return new Result(process.ExitCode, output, error.Result);
    }

    public Process Start(params string[] words)
    {
        ProcessStartInfo start = new(Program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string word in (string[])["--root", StateRoot, .. words])
        {
            start.ArgumentList.Add(word);
        }

        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Makes the mount points that a mapped root may not make in a directory of the host's root.</summary>
    internal Bundle PrepareMountPoints()
    {
        foreach (string directory in (string[])["proc", "dev", "sys"])
        {
            Directory.CreateDirectory(Path.Combine(Rootfs, directory));
        }

        return this;
    }

    /// <summary>Fails when the container left state, a cgroup or a mount.</summary>
    public void RequireNothingLeft()
    {
        Assert.False(Directory.Exists(Path.Combine(StateRoot, Id)), "state is left");
        Assert.Empty(Cgroups());
        Assert.DoesNotContain(Root, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path.Combine(StateRoot, Id)))
        {
            Invoke("delete", "--force", Id);
        }

        _directory.Delete(recursive: true);
    }

    private List<string> Cgroups() =>
        [.. Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(hierarchy => Path.Combine(hierarchy, "containertools", Id)).Where(Directory.Exists)];

    private static string FindCtrun()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string candidate = Path.Combine(directory.FullName, "out/ctrun/ctrun");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException("out/ctrun/ctrun is missing; build src/ContainerTools.Runtime.");
    }

    public sealed record Result(int ExitCode, string Output, string Error);
}
