namespace ContainerTools.Linux.Starting;

/// <summary>What an argument of an operation is.</summary>
public enum OperandKind
{
    /// <summary>A number.</summary>
    Constant,

    /// <summary>The value that a slot has when the operation runs.</summary>
    Slot,

    /// <summary>Pointer to bytes.</summary>
    Data,

    /// <summary>Pointer to a null-terminated array of strings.</summary>
    Strings,

    /// <summary>Pointer to a <c>sock_fprog</c> of the bytes.</summary>
    Filter,

    /// <summary>Pointer into the scratch memory that calls fill and checks read.</summary>
    Scratch,
}
