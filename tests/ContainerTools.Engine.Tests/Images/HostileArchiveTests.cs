using System.Text;
using ContainerTools.Engine.Images;
using ContainerTools.Engine.Tests.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Tests.Images;

/// <summary>Image documents that attack: they are refused with an error of ours, and nothing stays.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private const string Config = """{"architecture":"amd64","os":"linux","config":{"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["@LAYER@"]},"history":[{"created_by":"x"}]}""";
    private const string Manifest = """[{"Config":"config.json","RepoTags":["shop/web:1"],"Layers":["layer.tar"]}]""";
    private static readonly byte[] s_layer = TestStore.Tar(TestStore.File("a", "one"));
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    /// <summary>CVE-2024-23650: every member, one after another, is null or of another kind.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[[[[]]]]")]
    public async Task A_member_of_the_wrong_kind_never_crashes(string value)
    {
        string[] inConfig = ["\"amd64\"", "\"linux\"", """{"Cmd":["sh"]}""", """["sh"]""", """{"type":"layers","diff_ids":["@LAYER@"]}""", "\"layers\"", """["@LAYER@"]""", "\"@LAYER@\"", """[{"created_by":"x"}]""", """{"created_by":"x"}""", "\"x\"", Config];
        foreach (var member in inConfig)
        {
            await TryAsync(Config.Replace(member, value, StringComparison.Ordinal), Manifest);
        }

        string[] inManifest = ["\"config.json\"", """["shop/web:1"]""", "\"shop/web:1\"", """["layer.tar"]""", "\"layer.tar\"", Manifest[1..^1], Manifest];
        foreach (var member in inManifest)
        {
            await TryAsync(Config, Manifest.Replace(member, value, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("../outside.json")]
    [InlineData("a/../../outside.json")]
    [InlineData("link.json")]
    [InlineData("link/outside.json")]
    public async Task A_directory_leads_to_no_file_outside_of_it(string path)
    {
        var archive = _store.PathOf("archive");
        Directory.CreateDirectory(archive);
        File.WriteAllText(_store.PathOf("outside.json"), Config.Replace("@LAYER@", Digest.Of(s_layer).ToString(), StringComparison.Ordinal));
        File.CreateSymbolicLink(Path.Combine(archive, "link.json"), _store.PathOf("outside.json"));
        File.CreateSymbolicLink(Path.Combine(archive, "link"), _store.Directory);
        File.WriteAllBytes(Path.Combine(archive, "layer.tar"), s_layer);
        File.WriteAllText(Path.Combine(archive, "manifest.json"), Manifest.Replace("config.json", path, StringComparison.Ordinal));

        // The control: the path leads to a file that would do, if only it lay inside.
        if (path != "a/../../outside.json")
        {
            Assert.True(File.Exists(Path.Combine(archive, path)));
        }

        var error = await Assert.ThrowsAsync<ContainerToolsException>(() => ImportAsync(archive));
        Assert.Contains(error.Code, (string[])["PathTraversal", "ArchiveFileMissing"]);
        Assert.Empty(_store.StoredFiles());

        File.Copy(_store.PathOf("outside.json"), Path.Combine(archive, "inside.json"));
        File.WriteAllText(Path.Combine(archive, "manifest.json"), Manifest.Replace("config.json", "inside.json", StringComparison.Ordinal));
        Assert.Equal("shop/web:1", Assert.Single(await ImportAsync(archive)).Name);
    }

    private async Task TryAsync(string config, string manifest)
    {
        var output = new MemoryStream();
        var tar = new LayoutTar(output);
        tar.Add("layer.tar", s_layer);
        tar.Add("config.json", Encoding.UTF8.GetBytes(config.Replace("@LAYER@", Digest.Of(s_layer).ToString(), StringComparison.Ordinal)));
        tar.Add("manifest.json", Encoding.UTF8.GetBytes(manifest));
        tar.Finish();
        var path = _store.PathOf("hostile.tar");
        await File.WriteAllBytesAsync(path, output.ToArray(), TestContext.Current.CancellationToken);
        try
        {
            foreach (var image in await ImportAsync(path))
            {
                // What was taken can be shown, exported and removed.
                _ = _store.Images.GetRaw(image.Id);
                _ = _store.Images.GetHistory(image.Id);
                _ = await _store.Images.ExportAsync(new ImageExportRequest { Images = [image.Id], Path = _store.PathOf("again.tar"), Force = true }, null, TestContext.Current.CancellationToken);
                _store.Images.Remove(image.Id, force: true);
            }
        }
        catch (ContainerToolsException error)
        {
            Assert.NotEqual(ErrorKind.Internal, error.Kind);
        }

        Assert.Empty(_store.StoredFiles());
        Assert.Empty(_store.Images.List());
    }

    private Task<IReadOnlyList<Image>> ImportAsync(string path) => _store.Images.ImportAsync(new ImageImportRequest { Path = path }, null, TestContext.Current.CancellationToken);
}
