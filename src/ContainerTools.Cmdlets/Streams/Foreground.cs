namespace ContainerTools.Cmdlets;

/// <summary>Choices that the foreground cmdlets share.</summary>
internal static class Foreground
{
    public static OutputForm Form(bool raw, bool bytes) => (raw, bytes) switch
    {
        (false, false) => OutputForm.Lines,
        (true, false) => OutputForm.Text,
        (false, true) => OutputForm.Bytes,
        (true, true) => OutputForm.ByteArray,
    };
}
