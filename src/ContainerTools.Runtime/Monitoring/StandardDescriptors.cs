namespace ContainerTools.Runtime.Monitoring;

/// <summary>The monitor's own descriptors 0 to 2, which belong to its caller until they are silenced.</summary>
internal static class StandardDescriptors
{
    /// <summary>Puts <c>/dev/null</c> in the place of a descriptor, so that the caller's pipe is let go.</summary>
    public static void Silence(int descriptor)
    {
        var nothing = Native.Open("/dev/null", Native.ReadWrite);
        if (nothing >= 0 && nothing != descriptor)
        {
            Native.Duplicate(nothing, descriptor);
            Native.Close(nothing);
        }
    }

    /// <summary>Makes sure that 0, 1 and 2 are taken, so that no file opened later gets these numbers.</summary>
    public static void Occupy()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (!Native.IsOpen(descriptor))
            {
                Silence(descriptor);
            }
        }
    }
}
