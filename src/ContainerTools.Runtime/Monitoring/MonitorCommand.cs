using ContainerTools.Oci.Monitoring;
using ContainerTools.Oci.RuntimeSpec;

namespace ContainerTools.Runtime.Monitoring;

/// <summary><c>ctrun monitor --bundle DIR</c>: runs the container of a bundle and watches it to its end.</summary>
internal static class MonitorCommand
{
    /// <summary>Runs the command; a bundle that cannot be read is told on the status pipe.</summary>
    public static int Run(string bundle)
    {
        // A caller that started us without a new session must not take us along when its terminal goes.
        _ = Native.setsid();
        MonitorSpec spec;
        RuntimeConfig config;
        try
        {
            bundle = Path.GetFullPath(bundle);
            spec = MonitorSpec.Parse(File.ReadAllBytes(Path.Combine(bundle, "monitor.json")));
            config = RuntimeConfig.Parse(File.ReadAllBytes(Path.Combine(bundle, "config.json")));
            if (config.Process?.Terminal == true)
            {
                throw new NotSupportedException("process.terminal: a monitored container has pipes, not a terminal. Set it to false.");
            }
        }
        catch (Exception error)
        {
            var (report, exitCode) = MonitorFailure.Describe(error);
            new StatusPipe().Send(report);
            return exitCode;
        }

        return new ContainerMonitor(spec, new BundleStarter(config, bundle, spec)).Run();
    }
}
