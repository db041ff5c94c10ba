using System.Runtime.InteropServices;
using ContainerTools.Runtime.Logging;

namespace ContainerTools.Runtime.Monitoring;

/// <summary>
/// Carries one output stream of the container to the log and to the attached descriptor. An attached reader that is slow slows the container down, as a terminal
/// would; one that has gone is forgotten.
/// </summary>
internal sealed unsafe class OutputPump(int source, int attached, LogLines? lines, ScratchMemory scratch) : IDisposable
{
    // A pipe that poll(2) calls writable takes this much without blocking.
    private const int SafeWrite = 4096;
    private byte* waiting;
    private int waitingLength;
    private int waitingStart;

    /// <summary>The container's end; -1 after its end of file.</summary>
    public int Source => source;

    /// <summary>The container's end, or -1 while the attached reader must catch up first.</summary>
    public int Readable => waiting == null ? source : -1;

    /// <summary>The attached descriptor, or -1 when nothing waits to be written to it.</summary>
    public int Writable => waiting == null ? -1 : attached;

    /// <summary>Reads what is there and passes it on; false when the stream has ended or there was nothing.</summary>
    public bool Pump()
    {
        var count = Native.Read(source, scratch.ReadBuffer, scratch.ReadSize);
        if (count == -Native.EAGAIN)
        {
            return false;
        }

        if (count <= 0)
        {
            End();
            return false;
        }

        var data = new ReadOnlySpan<byte>(scratch.ReadBuffer, (int)count);
        lines?.Append(data, DateTime.UtcNow, scratch.FormatBuffer);
        if (attached >= 0)
        {
            var done = Send(scratch.ReadBuffer, (int)count);
            if (done < count && attached >= 0)
            {
                waitingLength = (int)count - done;
                waitingStart = 0;
                waiting = (byte*)NativeMemory.Alloc((nuint)waitingLength);
                data[done..].CopyTo(new Span<byte>(waiting, waitingLength));
            }
        }

        return true;
    }

    /// <summary>Writes on what the attached reader had no room for.</summary>
    public void Resume()
    {
        waitingStart += Send(waiting + waitingStart, waitingLength - waitingStart);
        if (attached < 0 || waitingStart == waitingLength)
        {
            ForgetWaiting();
            if (source < 0)
            {
                Detach();
            }
        }
    }

    /// <summary>Gives up the attached reader.</summary>
    public void Detach()
    {
        ForgetWaiting();
        if (attached >= 0)
        {
            // Not closed but replaced: the numbers 1 and 2 must not be given to another file.
            StandardDescriptors.Silence(attached);
            attached = -1;
        }
    }

    /// <summary>Ends the stream: what is left of a line goes to the log, and readers see the end of file.</summary>
    public void End()
    {
        if (source < 0)
        {
            return;
        }

        Native.Close(source);
        source = -1;
        lines?.Flush(DateTime.UtcNow, scratch.FormatBuffer);
        if (waiting == null)
        {
            Detach();
        }
    }

    public void Dispose()
    {
        End();
        Detach();
        lines?.Dispose();
    }

    private int Send(byte* data, int length)
    {
        var done = 0;
        while (done < length)
        {
            var entry = new PollEntry { Descriptor = attached, Events = Native.PollOut };
            if (Native.Poll(&entry, 1, 0) == 0)
            {
                break;
            }

            if ((entry.Returned & Native.PollOut) == 0)
            {
                Detach();
                break;
            }

            var count = Native.Write(attached, data + done, Math.Min(SafeWrite, length - done));
            if (count == -Native.EAGAIN)
            {
                break;
            }

            if (count < 0)
            {
                Detach();
                break;
            }

            done += (int)count;
        }

        return done;
    }

    private void ForgetWaiting()
    {
        NativeMemory.Free(waiting);
        waiting = null;
        waitingLength = 0;
        waitingStart = 0;
    }
}
