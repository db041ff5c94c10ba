namespace ContainerTools.Cmdlets.Tests;

public sealed class IndexCmdletTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public IndexCmdletTests() => _session.Images.Add("shop/web:1", "base:latest");

    public void Dispose() => _session.Dispose();

    [Fact]
    public void New_makes_an_index_of_all_that_is_piped()
    {
        var outcome = _session.Run("'a', 'b' | New-ImageIndex shop/web:2 -Annotation @{ k = 'v' } -Force");

        Assert.Empty(outcome.Errors);
        Assert.Equal(["shop/web:2"], outcome.Names);
        var change = Assert.Single(_session.Images.IndexChanges);
        Assert.True(change is { Create: true, Force: true });
        Assert.Equal(["a", "b"], change.Add);
        Assert.Equal("v", change.Annotations["k"]);
    }

    [Fact]
    public void Entries_are_put_in_changed_and_taken_out()
    {
        var outcome = _session.Run("""
            Add-ImageIndexEntry i:1 a, b -Platform linux/arm64
            Set-ImageIndexEntry i:1 abc -Platform linux/arm/v7 -OsVersion 1.2 -OsFeature x -Annotation @{ k = 'v' }
            Remove-ImageIndexEntry i:1 abc, def -PassThru
            Remove-ImageIndexEntry i:1 abc -WhatIf
            """);

        Assert.Empty(outcome.Errors);
        Assert.Equal(["i:1"], outcome.Names);
        var changes = _session.Images.IndexChanges;
        Assert.Equal(3, changes.Count);
        Assert.Equal(("linux/arm64", 2), (changes[0].Platform, changes[0].Add.Count));
        Assert.Equal(("abc", "linux/arm/v7", "1.2"), (changes[1].Entry, changes[1].Platform, changes[1].OperatingSystemVersion));
        Assert.Equal(["abc", "def"], changes[2].Remove);
    }

    [Fact]
    public void A_change_that_says_nothing_is_refused() =>
        Assert.StartsWith("NothingToChange", _session.Run("Set-ImageIndexEntry i:1 abc").ErrorId, StringComparison.Ordinal);

    [Fact]
    public void An_image_is_no_index()
    {
        Assert.StartsWith("IndexNotFound", _session.Run("Get-ImageIndex base").ErrorId, StringComparison.Ordinal);
        Assert.Equal(["shop/web:1"], _session.Run("Get-ImageIndex shop/*").Names);
    }

    [Fact]
    public void Files_of_artifacts_are_written_by_the_last_part_of_their_names()
    {
        var directory = Directory.CreateTempSubdirectory("containertools-artifact-").FullName;
        try
        {
            _session.Images.Artifacts.Add(Artifact("../../etc/passwd", "sha256:" + new string('1', 64)));
            _session.SetVariable("directory", directory);

            var outcome = _session.Run("Get-ContainerArtifact r/a* | Export-ContainerArtifact $directory");

            Assert.Empty(outcome.Errors);
            Assert.Equal("content of sha256:" + new string('1', 64), File.ReadAllText(Path.Combine(directory, "passwd")));
            Assert.StartsWith("PathExists", _session.Run("Get-ContainerArtifact | Export-ContainerArtifact $directory").ErrorId, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("Get-ImageAttestation base", 2)]
    [InlineData("Get-ImageAttestation base -Type sbom", 1)]
    [InlineData("Get-ImageAttestation base -Type provenance -Raw", 1)]
    [InlineData("Get-ImageAttestation base -Type none", 0)]
    public void Attestations_are_chosen_by_type(string script, int count)
    {
        _session.Images.Artifacts.Add(Artifact("a", "sha256:1", "https://spdx.dev/Document"));
        _session.Images.Artifacts.Add(Artifact("b", "sha256:2", "https://slsa.dev/provenance/v1"));

        Assert.Equal(count, _session.Run(script).Output.Count);
    }

    [Fact]
    public void A_missing_artifact_is_an_error() =>
        Assert.StartsWith("ArtifactNotFound", _session.Run("Get-ContainerArtifact r/none:1").ErrorId, StringComparison.Ordinal);

    private static ContainerArtifact Artifact(string file, string digest, string predicate = "") => new()
    {
        Name = "r/a:1",
        Tags = ["r/a:1"],
        Digest = digest,
        ArtifactType = "type",
        Files = [new ArtifactFile { Name = file, MediaType = "text/plain", Digest = digest, Size = 1, Annotations = new Dictionary<string, string> { ["in-toto.io/predicate-type"] = predicate } }],
    };
}
