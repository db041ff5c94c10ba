using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes platforms as <c>os/architecture[/variant]</c>.</summary>
public sealed class PlatformCompleter : CompleterBase
{
    private static readonly (string Text, string Hint)[] Platforms =
    [
        ("linux/amd64", "64-bit Intel and AMD"), ("linux/arm64", "64-bit ARM"), ("linux/arm/v7", "32-bit ARM, hard float"), ("linux/arm/v6", "32-bit ARM of the first Raspberry Pi"),
        ("linux/386", "32-bit Intel"), ("linux/riscv64", "64-bit RISC-V"), ("linux/ppc64le", "64-bit Power, little-endian"), ("linux/s390x", "IBM Z"), ("linux/loong64", "LoongArch"),
    ];

    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) => Platforms;
}
