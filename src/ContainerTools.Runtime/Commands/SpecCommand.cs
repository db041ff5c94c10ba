using ContainerTools.Linux.Capabilities;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Launching;
using ContainerTools.Runtime.Planning;

namespace ContainerTools.Runtime.Commands;

/// <summary><c>spec</c>, <c>features</c> and <c>plan</c>.</summary>
internal static class SpecCommand
{
    /// <summary>Writes an example config.json that runs <c>sh</c>.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        string path = Path.Combine(Path.GetFullPath(CommandLine.Parse(arguments, [], ["--bundle"]).Value("--bundle") ?? "."), "config.json");
        if (File.Exists(path))
        {
            throw new InvalidOperationException($"{path} exists already. Remove it first.");
        }

        ExampleConfiguration.Create().Save(path);
        return 0;
    }

    /// <summary>Prints the operations that would start a bundle, without starting it.</summary>
    public static int Plan(ReadOnlySpan<string> arguments)
    {
        string bundle = Path.GetFullPath(CommandLine.Parse(arguments, [], ["--bundle"]).Value("--bundle") ?? ".");
        RuntimeConfig config = RuntimeConfig.Load(Path.Combine(bundle, "config.json"));
        StartPlan plan = StartPlanner.Plan(config, new StartFacts { Bundle = bundle, IsDirectory = HostFacts.IsDirectory, SeccompFilter = SeccompMapping.Compile(config.Linux?.Seccomp) });
        return CommandDispatcher.Print($"clone3 {plan.Namespaces}\n{plan.Operations}\n");
    }

    /// <summary>Prints what this runtime can do.</summary>
    public static int Features()
    {
        string capabilities = string.Join("\",\"", CapabilityNames.All);
        return CommandDispatcher.Print($$"""
            {
              "ociVersionMin": "1.0.0",
              "ociVersionMax": "1.2.0",
              "hooks": [],
              "annotations": { "{{RuntimeConfig.InitAnnotation}}": "true" },
              "mountOptions": ["bind","rbind","ro","rw","rro","rrw","nosuid","suid","nodev","dev","noexec","exec","noatime","relatime","strictatime","nodiratime","nosymfollow","private","rprivate","slave","rslave","shared","rshared","unbindable","runbindable"],
              "linux": {
                "namespaces": ["cgroup","ipc","mount","network","pid","user","uts"],
                "capabilities": ["{{capabilities}}"],
                "cgroup": { "v1": true, "v2": true, "systemd": false, "systemdUser": false, "rdma": false },
                "seccomp": { "enabled": true, "actions": ["SCMP_ACT_ALLOW","SCMP_ACT_ERRNO","SCMP_ACT_KILL","SCMP_ACT_KILL_PROCESS","SCMP_ACT_KILL_THREAD","SCMP_ACT_LOG","SCMP_ACT_TRACE","SCMP_ACT_TRAP"], "operators": ["SCMP_CMP_EQ","SCMP_CMP_GE","SCMP_CMP_GT","SCMP_CMP_LE","SCMP_CMP_LT","SCMP_CMP_MASKED_EQ","SCMP_CMP_NE"], "archs": ["SCMP_ARCH_AARCH64","SCMP_ARCH_X86_64"] },
                "apparmor": { "enabled": false },
                "selinux": { "enabled": false }
              }
            }

            """);
    }
}
