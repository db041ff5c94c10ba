using System.Management.Automation;

namespace ContainerTools.Cmdlets.Tests;

public sealed class GetContainerLogTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public GetContainerLogTests()
    {
        _session.Containers.Add("web");
        _session.Containers.Add("db");
        _session.Containers.Log.Add(new ContainerLogEntry { Container = "web", Message = "hello" });
        _session.Containers.Log.Add(new ContainerLogEntry { Container = "db", Message = "ready" });
    }

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Entries_are_objects_of_the_container_they_came_from()
    {
        var entries = _session.Run("Get-Container * | Get-ContainerLog").Values.Cast<ContainerLogEntry>();

        Assert.Equal(["web: hello", "db: ready"], entries.Select(entry => $"{entry.Container}: {entry.Message}"));
    }

    [Fact]
    public void The_query_reaches_the_engine()
    {
        _session.Run("Get-ContainerLog web -Tail 20 -Since '2026-01-02T03:04:05Z' -Until 10m -Stream Stderr");

        var query = _session.Containers.LastLogQuery!;
        Assert.Equal((20, ContainerLogStream.Stderr, false), (query.Tail, query.Stream, query.Follow));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), query.Since);
        Assert.InRange(DateTimeOffset.Now - query.Until!.Value, TimeSpan.FromMinutes(9.9), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public void Both_streams_named_are_the_same_as_none()
    {
        _session.Run("Get-ContainerLog web -Stream Stdout, Stderr");

        Assert.Null(_session.Containers.LastLogQuery!.Stream);
    }

    [Fact]
    public async Task Followed_containers_are_read_together_until_the_pipeline_stops()
    {
        using var shell = _session.Create("Get-Container * | Get-ContainerLog -Follow");
        using var output = new PSDataCollection<PSObject>();
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        output.DataAdded += (_, _) =>
        {
            if (output.Count == 2)
            {
                both.TrySetResult();
            }
        };

        var run = shell.BeginInvoke<PSObject, PSObject>(null, output);
        await both.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        shell.Stop();

        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
        Assert.Equal(["hello", "ready"], output.Select(entry => entry.ToString()).Order());
    }
}
