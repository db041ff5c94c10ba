namespace ContainerTools.Runtime.Names;

/// <summary>Types and classes of records that the resolver knows (RFC 1035, 3596, 6891).</summary>
internal static class DnsType
{
    public const ushort Address = 1;
    public const ushort Pointer = 12;
    public const ushort Address6 = 28;
    public const ushort Options = 41;
    public const ushort IncrementalTransfer = 251;
    public const ushort Transfer = 252;
    public const ushort Any = 255;
    public const ushort Internet = 1;
}
