using System.Diagnostics;
using System.Reflection;

namespace ContainerTools.Shell.Tests;

/// <summary>One run of the <c>ct</c> program, without the module unless a test names one.</summary>
internal sealed record ShellProcess(int ExitCode, string Output, string Error)
{
    public static string Executable { get; } = Built("ShellPath");

    /// <summary>The folder of the module as the build laid it out.</summary>
    public static string Module { get; } = Built("ModulePath");

    public static ShellProcess Run(params string[] words) => RunWithInput(null, null, words);

    public static ShellProcess RunWithInput(string? input, string? module, params string[] words)
    {
        using var process = Start(module, words);
        return End(process, input);
    }

    /// <summary>Runs it with the module, a store below <paramref name="directory"/>, and a network namespace of its own for the host's.</summary>
    public static ShellProcess RunWithModule(string directory, params string[] words)
    {
        var network = Path.Combine(directory, "host-network");
        File.WriteAllText(network, "");
        Tool("unshare", $"--net={network}", "ip", "link", "set", "lo", "up");
        try
        {
            return RunWithModule(directory, network, words);
        }
        finally
        {
            Tool("umount", "--lazy", network);
        }
    }

    private static ShellProcess RunWithModule(string directory, string network, string[] words)
    {
        var start = Prepare(Module, words);
        start.Environment["CONTAINERTOOLS_ROOT"] = Path.Combine(directory, "store");
        start.Environment["CONTAINERTOOLS_RUN"] = Path.Combine(directory, "run");
        start.Environment["CONTAINERTOOLS_NETWORK_NAMESPACE"] = network;
        using var process = Process.Start(start)!;
        return End(process, null);
    }

    public static Process Start(string? module, params string[] words) => Process.Start(Prepare(module, words))!;

    private static ShellProcess End(Process process, string? input)
    {
        if (input is not null)
        {
            process.StandardInput.Write(input);
        }

        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), "ct did not end within a minute.");
        return new ShellProcess(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static ProcessStartInfo Prepare(string? module, string[] words)
    {
        var start = new ProcessStartInfo(Executable, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CONTAINERTOOLS_MODULE"] = module ?? "/nonexistent";
        return start;
    }

    private static void Tool(string name, params string[] words)
    {
        using var process = Process.Start(name, words);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static string Built(string key) =>
        typeof(ShellProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
