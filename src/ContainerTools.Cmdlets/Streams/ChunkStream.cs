namespace ContainerTools.Cmdlets;

/// <summary>A write-only stream that hands on a copy of each piece written to it.</summary>
internal sealed class ChunkStream(Action<byte[]> emit) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!buffer.IsEmpty)
        {
            emit(buffer.ToArray());
        }
    }
}
