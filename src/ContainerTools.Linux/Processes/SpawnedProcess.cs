using System.Runtime.InteropServices;
using System.Text;

namespace ContainerTools.Linux.Processes;

/// <summary>A program started with posix_spawn(3), in a session of its own, with default signal dispositions and chosen descriptors.</summary>
public static unsafe class SpawnedProcess
{
    /// <summary>Starts a program.</summary>
    /// <param name="path">Absolute path of the executable.</param>
    /// <param name="arguments">argv, the program's name first.</param>
    /// <param name="environment">Environment, <c>NAME=value</c>.</param>
    /// <param name="descriptors">Descriptors of this process in the order in which the program gets them: 0, 1, 2, and so on.</param>
    /// <returns>The process id; the caller must reap it.</returns>
    /// <exception cref="LinuxException">posix_spawn failed.</exception>
    public static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, ReadOnlySpan<int> descriptors)
    {
        var actions = stackalloc byte[NativeSpawn.OpaqueSize];
        var attributes = stackalloc byte[NativeSpawn.OpaqueSize];
        var signals = stackalloc byte[128];
        Check(NativeSpawn.InitFileActions(actions), "posix_spawn_file_actions_init");
        Check(NativeSpawn.InitAttributes(attributes), "posix_spawnattr_init");
        var argv = ToNative(arguments);
        var envp = ToNative(environment);
        try
        {
            for (var target = 0; target < descriptors.Length; target++)
            {
                // A source below the number of targets would be overwritten by an earlier dup2: callers pass descriptors above it, or in place.
                Check(NativeSpawn.AddDuplicate(actions, descriptors[target], target), "posix_spawn_file_actions_adddup2");
            }

            Check(NativeSpawn.SetFlags(attributes, NativeSpawn.SetSignalDefaults | NativeSpawn.SetSignalMask | NativeSpawn.SetSession), "posix_spawnattr_setflags");
            Check(NativeSpawn.EmptySet(signals), "sigemptyset");
            Check(NativeSpawn.SetMask(attributes, signals), "posix_spawnattr_setsigmask");
            Check(NativeSpawn.FillSet(signals), "sigfillset");
            Check(NativeSpawn.SetDefaults(attributes, signals), "posix_spawnattr_setsigdefault");
            var error = NativeSpawn.Spawn(out var pid, path, actions, attributes, argv, envp);
            return error == 0 ? pid : throw new LinuxException(error, "posix_spawn", path);
        }
        finally
        {
            Free(argv);
            Free(envp);
            _ = NativeSpawn.DestroyFileActions(actions);
            _ = NativeSpawn.DestroyAttributes(attributes);
        }
    }

    private static void Check(int error, string call)
    {
        if (error != 0)
        {
            throw new LinuxException(error, call);
        }
    }

    private static byte** ToNative(IReadOnlyList<string> strings)
    {
        var array = (byte**)NativeMemory.AllocZeroed((nuint)strings.Count + 1, (nuint)sizeof(byte*));
        for (var index = 0; index < strings.Count; index++)
        {
            var length = Encoding.UTF8.GetByteCount(strings[index]);
            array[index] = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
            Encoding.UTF8.GetBytes(strings[index], new Span<byte>(array[index], length));
        }

        return array;
    }

    private static void Free(byte** array)
    {
        for (var item = array; *item != null; item++)
        {
            NativeMemory.Free(*item);
        }

        NativeMemory.Free(array);
    }
}
