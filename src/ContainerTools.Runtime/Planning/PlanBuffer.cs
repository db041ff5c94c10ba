using System.Buffers.Binary;
using ContainerTools.Linux.Mounts;
using ContainerTools.Linux.Starting;

namespace ContainerTools.Runtime.Planning;

/// <summary>Kernel structures as operands.</summary>
internal static class PlanBuffer
{
    public const long PathOnly = 0x200000;
    public const long CloseOnExec = 0x80000;
    public const long WriteOnly = 1;

    /// <summary><c>struct open_how</c>.</summary>
    public static Operand OpenHow(long flags, PathResolution resolution) => Words((ulong)(flags | CloseOnExec), 0, (ulong)resolution);

    /// <summary><c>struct mount_attr</c>.</summary>
    public static Operand MountAttr(MountAttributes set, MountAttributes clear, MountPropagation propagation) => Words((ulong)set, (ulong)clear, (ulong)propagation, 0);

    /// <summary><c>struct rlimit64</c>.</summary>
    public static Operand Limit(ulong soft, ulong hard) => Words(soft, hard);

    /// <summary>64-bit words.</summary>
    public static Operand Words(params ReadOnlySpan<ulong> words)
    {
        byte[] bytes = new byte[words.Length * sizeof(ulong)];
        for (int index = 0; index < words.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(index * sizeof(ulong)), words[index]);
        }

        return Operand.Bytes(bytes);
    }

    /// <summary>32-bit words.</summary>
    public static Operand HalfWords(params ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[words.Length * sizeof(uint)];
        for (int index = 0; index < words.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(index * sizeof(uint)), words[index]);
        }

        return Operand.Bytes(bytes);
    }
}
