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

    private string In(string path) => Path.Combine(_directory, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }

    private string? Read(string path) => new LayeredFiles([In("top"), In("base")]).Find(path) is { } file ? File.ReadAllText(file) : null;
}
