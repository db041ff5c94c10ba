using System.Diagnostics;
using System.Reflection;

namespace ContainerTools.Shell.Tests;

/// <summary>One run of the <c>ct</c> program, without the module unless a test names one.</summary>
internal sealed record ShellProcess(int ExitCode, string Output, string Error)
{
    private static string Executable { get; } = typeof(ShellProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ShellPath").Value!;

    public static ShellProcess Run(params string[] words) => RunWithInput(null, null, words);

    public static ShellProcess RunWithInput(string? input, string? module, params string[] words)
    {
        using var process = Start(module, words);
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

    public static Process Start(string? module, params string[] words)
    {
        var start = new ProcessStartInfo(Executable, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CONTAINERTOOLS_MODULE"] = module ?? "/nonexistent";
        return Process.Start(start)!;
    }
}
