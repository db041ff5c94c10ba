using System.Runtime.InteropServices;
using ContainerTools.Linux.Seccomp;
using ContainerTools.Oci.RuntimeSpec;
using Argument = ContainerTools.Linux.Seccomp.SeccompArgument;
using Rule = ContainerTools.Linux.Seccomp.SeccompRule;

namespace ContainerTools.Runtime.Launching;

/// <summary>Turns the system call filter of a config.json into a profile to compile.</summary>
internal static class SeccompMapping
{
    /// <summary>Compiles a filter; null when there is none.</summary>
    public static byte[]? Compile(SeccompConfig? config)
    {
        if (config is null)
        {
            return null;
        }

        if (config.ListenerPath is { Length: > 0 })
        {
            throw new NotSupportedException("linux.seccomp.listenerPath is not supported.");
        }

        string native = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
        if (config.Architectures.Count > 0 && !config.Architectures.Contains(native))
        {
            throw new NotSupportedException($"linux.seccomp.architectures does not contain {native}, the architecture of this machine.");
        }

        return SeccompCompiler.Compile(new SeccompProfile
        {
            DefaultAction = Action(config.DefaultAction),
            DefaultErrno = (int?)config.DefaultErrnoRet,
            Rules =
            [
                .. config.Syscalls.Select(rule => new Rule
                {
                    Names = rule.Names,
                    Action = Action(rule.Action),
                    Errno = (int?)rule.ErrnoRet,
                    Arguments = [.. rule.Args.Select(argument => new Argument((int)argument.Index, Comparison(argument.Op), argument.Value, argument.ValueTwo))],
                }),
            ],
        });
    }

    /// <summary>Flags of the seccomp(2) call.</summary>
    public static uint Flags(SeccompConfig? config)
    {
        uint flags = 0;
        foreach (string flag in config?.Flags ?? [])
        {
            flags |= flag switch
            {
                "SECCOMP_FILTER_FLAG_TSYNC" => 1u,
                "SECCOMP_FILTER_FLAG_LOG" => 2u,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => 4u,
                _ => throw new NotSupportedException($"linux.seccomp.flags: '{flag}' is not supported."),
            };
        }

        return flags;
    }

    private static SeccompAction Action(string name) =>
        SeccompNames.TryParseAction(name, out SeccompAction action) ? action : throw new NotSupportedException($"linux.seccomp: the action '{name}' is not supported.");

    private static SeccompComparison Comparison(string name) =>
        SeccompNames.TryParseComparison(name, out SeccompComparison comparison) ? comparison : throw new FormatException($"linux.seccomp: the comparison '{name}' is unknown.");
}
