using System.Globalization;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Containers;

/// <summary>Whether this kernel executes programs of another architecture: by itself, or by an emulator that is registered with it (binfmt_misc).</summary>
/// <param name="directory">Where binfmt_misc is mounted.</param>
internal sealed class Emulators(string directory = "/proc/sys/fs/binfmt_misc")
{
    // ELF e_machine (elf.h) by Go's architecture; little-endian but for s390x.
    private static readonly Dictionary<string, int> Machines = new()
    {
        ["amd64"] = 62, ["386"] = 3, ["arm64"] = 183, ["arm"] = 40, ["riscv64"] = 243, ["ppc64le"] = 21, ["s390x"] = 22, ["loong64"] = 258, ["mips64le"] = 8, ["mipsle"] = 8,
    };

    /// <summary>Throws <c>ImagePlatformForeign</c> when a container of this platform could not run.</summary>
    public void Require(Platform platform, string subject)
    {
        var (host, wanted) = (Platform.Host, platform.Normalized());
        if (wanted.OperatingSystem != "linux")
        {
            throw Foreign(subject, wanted, "only Linux programs run here", "Choose the image for Linux (-Platform).");
        }

        if (wanted.Architecture == host.Architecture || (host.Architecture, wanted.Architecture) is ("amd64", "386") or ("arm64", "arm"))
        {
            return;
        }

        var emulator = Find(wanted.Architecture);
        if (emulator is null)
        {
            throw Foreign(
                subject, wanted, $"this host is {host}, and no emulator for {wanted.Architecture} is registered",
                $"Pull the image for this host (Receive-Image -Platform {host}), or register an emulator: install qemu-user-static and binfmt-support.");
        }

        if (!emulator.Fixed)
        {
            throw Foreign(
                subject, wanted, $"this host is {host}, and its emulator {emulator.Name} is looked up in the container, where it is not",
                "Register it with the flag F (fix binary), as the package qemu-user-static does.");
        }
    }

    private Entry? Find(string architecture) => !Machines.TryGetValue(architecture, out var machine) || !Directory.Exists(directory)
        ? null
        : Directory.EnumerateFiles(directory)
            .Where(path => Path.GetFileName(path) is not ("register" or "status"))
            .Select(Read)
            .OfType<Entry>()
            .Where(entry => entry.Machine(architecture is "s390x") == machine)
            .OrderByDescending(entry => entry.Fixed)
            .FirstOrDefault();

    /// <summary>An entry that is on and goes by a magic number at the beginning of the file (admin-guide/binfmt-misc.rst).</summary>
    private static Entry? Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var magic = Value(lines, "magic ");
        return lines is ["enabled", ..] && magic.Length >= 40 && Value(lines, "offset ") is "0"
            ? new Entry(Path.GetFileName(path), magic, lines.Any(line => line.StartsWith("flags:", StringComparison.Ordinal) && line.Contains('F', StringComparison.Ordinal)))
            : null;
    }

    private static string Value(string[] lines, string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim() ?? "";

    private static ContainerToolsException Foreign(string subject, Platform platform, string why, string action) => new(
        ErrorKind.NotSupported, "ImagePlatformForeign", $"{subject} is made of an image for {platform}: {why}.", subject, action);

    private sealed record Entry(string Name, string Magic, bool Fixed)
    {
        private const int MachineOffset = 18;

        public int? Machine(bool bigEndian)
        {
            var (first, second) = (Byte(MachineOffset), Byte(MachineOffset + 1));
            return first is { } one && second is { } two ? bigEndian ? (one << 8) | two : one | (two << 8) : null;
        }

        private int? Byte(int position) =>
            int.TryParse(Magic.AsSpan(position * 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
