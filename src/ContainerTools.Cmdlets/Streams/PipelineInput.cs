using System.Globalization;
using System.IO.Pipelines;
using System.Management.Automation;
using System.Text;

namespace ContainerTools.Cmdlets;

/// <summary>Objects of the pipeline as the bytes of a standard input: text becomes UTF-8 lines, bytes stay bytes.</summary>
internal sealed class PipelineInput
{
    // Without a limit: the process may read nothing until its output is taken, and that happens on the thread that writes here.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));

    public Stream Stream => _pipe.Reader.AsStream(leaveOpen: true);

    public void Write(object? item)
    {
        var value = item is PSObject wrapped ? wrapped.BaseObject : item;
        var bytes = value switch
        {
            byte one => [one],
            byte[] many => many,
            _ => Encoding.UTF8.GetBytes((Convert.ToString(item, CultureInfo.InvariantCulture) ?? "") + "\n"),
        };
        _pipe.Writer.WriteAsync(bytes).AsTask().GetAwaiter().GetResult();
    }

    public void Complete() => _pipe.Writer.Complete();
}
