using System.Diagnostics;
using ContainerTools.Engine.Containers;

namespace ContainerTools.Engine.Tests.Containers;

public sealed class LayeredFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("layers-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_topmost_layer_wins()
    {
        Write("top/etc/passwd", "top");
        Write("base/etc/passwd", "base");
        Assert.Equal("top", Read("/etc/passwd"));
        Assert.Null(Read("/etc/group"));
    }

    [Fact]
    public void Directories_of_several_layers_are_one()
    {
        Write("top/etc/passwd", "top");
        Write("base/etc/group", "base");
        Assert.Equal("base", Read("/etc/group"));
    }

    [Fact]
    public void Links_stay_inside_the_layers()
    {
        Write("base/usr/etc/passwd", "real");
        Directory.CreateDirectory(In("top"));
        File.CreateSymbolicLink(In("top/etc"), "/usr/etc");
        Assert.Equal("real", Read("/etc/passwd"));
    }

    [Fact]
    public void A_link_that_climbs_out_finds_nothing_of_the_host()
    {
        Directory.CreateDirectory(In("top/etc"));
        File.CreateSymbolicLink(In("top/etc/passwd"), "../../../../../../../../etc/passwd");
        Assert.Null(Read("/etc/passwd"));
    }

    [Fact]
    public void A_circle_of_links_ends()
    {
        Directory.CreateDirectory(In("top"));
        File.CreateSymbolicLink(In("top/a"), "b");
        File.CreateSymbolicLink(In("top/b"), "a");
        Assert.Null(Read("/a"));
    }

    [Fact]
    public void A_file_hides_a_directory_below_it()
    {
        Write("top/etc", "a file");
        Write("base/etc/passwd", "base");
        Assert.Null(Read("/etc/passwd"));
    }

    [Theory]
    [InlineData("mkfifo")]
    [InlineData("mknod", "c", "0", "0")]
    [InlineData("mknod", "c", "1", "5")]
    [InlineData("mkdir")]
    public void What_is_no_regular_file_is_none_and_keeps_nobody_waiting(string program, params string[] arguments)
    {
        Directory.CreateDirectory(In("top/etc"));
        Write("base/etc/passwd", "base");
        _ = Storage.LayerRoundTripTests.Run(program, [In("top/etc/passwd"), .. arguments]);
        Assert.Null(Read("/etc/passwd"));
    }

    [Fact]
    public async Task A_container_that_swaps_its_files_for_links_shows_nothing_of_the_host()
    {
        var outside = In("outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "passwd"), "host", TestContext.Current.CancellationToken);
        Write("top/etc/passwd", "own");
        using var end = new CancellationTokenSource();
        var swaps = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Directory.Move(In("top/etc"), In("top/away"));
                File.CreateSymbolicLink(In("top/etc"), outside);
                File.Delete(In("top/etc"));
                Directory.Move(In("top/away"), In("top/etc"));
            }
        }, TestContext.Current.CancellationToken);
        var seen = new HashSet<string?>();
        var control = new HashSet<string>();
        var patience = Stopwatch.StartNew();
        for (var round = 0; round < 3000 || (!(seen.Contains("own") && control.Contains("host")) && patience.Elapsed < TimeSpan.FromMinutes(1)); round++)
        {
            seen.Add(Read("/etc/passwd"));

            // The control: a path that is checked and then opened reads the host's file sooner or later.
            try
            {
                control.Add(await File.ReadAllTextAsync(In("top/etc/passwd"), TestContext.Current.CancellationToken));
            }
            catch (IOException)
            {
            }
        }

        await end.CancelAsync();
        await swaps;
        Assert.DoesNotContain("host", seen);
        Assert.Contains("own", seen);
        Assert.Contains("host", control);
    }

    private string In(string path) => Path.Combine(_directory, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }

    private string? Read(string path)
    {
        using var file = new LayeredFiles([In("top"), In("base")]).Open(path);
        return file is null ? null : new StreamReader(file).ReadToEnd();
    }
}
