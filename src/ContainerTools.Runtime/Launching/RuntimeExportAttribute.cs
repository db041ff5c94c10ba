namespace System.Runtime;

/// <summary>
/// Known to the native compiler by its name: gives a method a symbol of the linker without the transition into the runtime that
/// <see cref="InteropServices.UnmanagedCallersOnlyAttribute"/> brings. Such a method can run before the runtime has started.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    /// <summary>The symbol.</summary>
    public string Entry { get; } = entry;
}
