using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Registry;

/// <summary>Platforms as users write them.</summary>
internal static class PlatformText
{
    /// <summary>Null where none was asked for. Throws <c>InvalidPlatform</c>.</summary>
    public static Platform? ParseOptional(string? text) => text is null ? null : Parse(text);

    /// <summary>Throws <c>InvalidPlatform</c>.</summary>
    public static Platform Parse(string text)
    {
        try
        {
            return Platform.Parse(text);
        }
        catch (OciFormatException error)
        {
            throw StoreErrors.Translate(error, "Platform");
        }
    }
}
