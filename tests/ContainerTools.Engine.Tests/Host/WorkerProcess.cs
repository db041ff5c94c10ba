using System.Diagnostics;

namespace ContainerTools.Engine.Tests.Host;

/// <summary>A second process that has opened a store and waits for <see cref="Go"/>; see the worker's Program.cs.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private WorkerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts it and waits until the store is open.</summary>
    public static async Task<WorkerProcess> StartAsync(EngineOptions options, params string[] verb)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ContainerTools.Engine.Worker"), [options.Root, options.Run, options.RuntimePath!, options.NetworkNamespace ?? "/proc/self/ns/net", .. verb])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Killed, it could not remove the pipe and the socket that .NET makes in /tmp for debuggers.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var worker = new WorkerProcess(Process.Start(start)!);
        await worker.SaysAsync("ready");
        return worker;
    }

    public void Go() => _process.StandardInput.WriteLine();

    /// <summary>Waits for a line that begins so.</summary>
    public async Task SaysAsync(string begin)
    {
        var seen = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            seen.Add(line);
            if (line.StartsWith(begin, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The worker ended without saying '{begin}', but: {string.Join(" | ", seen)} {await _errors}");
    }

    /// <summary>Waits for its end, which must be a good one.</summary>
    public async Task EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(_process.ExitCode == 0, $"The worker ended with {_process.ExitCode}: {output} {await _errors}");
    }

    /// <summary>SIGKILL: no code of the worker runs any more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
