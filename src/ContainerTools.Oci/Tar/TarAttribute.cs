namespace ContainerTools.Oci.Tar;

/// <summary>An extended attribute (PAX record <c>SCHILY.xattr.NAME</c>).</summary>
/// <param name="Name">Attribute's name, without NUL.</param>
/// <param name="Value">Value, any bytes.</param>
public sealed record TarAttribute(byte[] Name, byte[] Value);
