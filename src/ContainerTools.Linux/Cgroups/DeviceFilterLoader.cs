using System.Runtime.InteropServices;

namespace ContainerTools.Linux.Cgroups;

/// <summary>Loads a device filter and attaches it to a v2 cgroup with bpf(2); the kernel drops it with the cgroup.</summary>
internal static unsafe partial class DeviceFilterLoader
{
    private const int LoadProgram = 5;
    private const int AttachProgram = 8;
    private const uint CgroupDeviceProgram = 15;
    private const uint CgroupDeviceAttach = 6;
    private const uint AllowMultiple = 2;

    public static void Attach(string cgroupDirectory, byte[] program)
    {
        var directory = CgroupFile.OpenDirectory(cgroupDirectory);
        if (directory < 0)
        {
            throw LinuxException.FromLastError("open", cgroupDirectory);
        }

        var loaded = -1;
        try
        {
            loaded = Load(program);
            var attach = new AttachAttributes { Target = (uint)directory, Program = (uint)loaded, Type = CgroupDeviceAttach, Flags = AllowMultiple };
            if (Call(AttachProgram, &attach, sizeof(AttachAttributes)) < 0)
            {
                throw LinuxException.FromLastError("bpf(BPF_PROG_ATTACH)", cgroupDirectory);
            }
        }
        finally
        {
            CgroupFile.Close(directory);
            if (loaded >= 0)
            {
                CgroupFile.Close(loaded);
            }
        }
    }

    private static int Load(byte[] program)
    {
        fixed (byte* instructions = program)
        fixed (byte* license = "Apache-2.0\0"u8)
        {
            var attributes = new LoadAttributes { Type = CgroupDeviceProgram, InstructionCount = (uint)program.Length / 8, Instructions = (ulong)instructions, License = (ulong)license };
            var descriptor = (int)Call(LoadProgram, &attributes, sizeof(LoadAttributes));
            return descriptor >= 0 ? descriptor : throw LinuxException.FromLastError("bpf(BPF_PROG_LOAD)", "device filter");
        }
    }

    private static nint Call(int command, void* attributes, int size) =>
        syscall(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321, command, attributes, size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint command, void* attributes, nint size);

    private struct LoadAttributes
    {
        public uint Type;
        public uint InstructionCount;
        public ulong Instructions;
        public ulong License;
        public uint LogLevel;
        public uint LogSize;
        public ulong LogBuffer;
        public uint KernelVersion;
        public uint Flags;
    }

    private struct AttachAttributes
    {
        public uint Target;
        public uint Program;
        public uint Type;
        public uint Flags;
    }
}
