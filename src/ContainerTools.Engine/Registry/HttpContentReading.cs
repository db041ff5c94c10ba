namespace ContainerTools.Engine.Registry;

/// <summary>Reading of bodies that a stranger sends.</summary>
internal static class HttpContentReading
{
    /// <summary>A whole body of at most <paramref name="limit"/> bytes; throws <c>DocumentTooLarge</c>.</summary>
    public static async Task<byte[]> ReadLimitedAsync(this HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (whole.Length + count > limit)
            {
                throw TooLarge(limit);
            }

            whole.Write(buffer, 0, count);
        }

        return whole.ToArray();
    }

    private static RegistryException TooLarge(int limit) => new(
        ErrorKind.ResourceExhausted, "DocumentTooLarge", $"A registry sent a document of more than {limit} bytes, the most that is read.");
}
