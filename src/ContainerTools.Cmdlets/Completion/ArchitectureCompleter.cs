using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes CPU architectures in Go's words.</summary>
public sealed class ArchitectureCompleter : CompleterBase
{
    private static readonly (string Text, string Hint)[] Architectures =
    [
        ("amd64", "64-bit Intel and AMD"), ("arm64", "64-bit ARM"), ("arm", "32-bit ARM"), ("386", "32-bit Intel"),
        ("riscv64", "64-bit RISC-V"), ("ppc64le", "64-bit Power, little-endian"), ("s390x", "IBM Z"), ("loong64", "LoongArch"),
    ];

    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) => Architectures;
}
