namespace ContainerTools.Cmdlets.Tests;

public sealed class RegistryImageCmdletTests : IDisposable
{
    private readonly CmdletSession _session = new();

    public RegistryImageCmdletTests() => _session.Images.Add("shop/web:1", "shop/web:2", "base:latest");

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Receive_hands_over_what_it_was_told_and_emits_images()
    {
        var outcome = _session.Run("Receive-Image ghcr.io/org/app:2 -Platform linux/arm64, linux/amd64 -ThrottleLimit 5 -RetryCount 2 -RetryInterval 3 -MaximumSize 1GB");

        Assert.Empty(outcome.Errors);
        Assert.Equal(["ghcr.io/org/app:2"], outcome.Names);
        var request = _session.Images.LastPull!;
        Assert.Equal(("ghcr.io/org/app:2", 1L << 30), (request.Name, request.MaximumSize));
        Assert.Equal(["linux/arm64", "linux/amd64"], request.Platforms);
        Assert.Equal(new TransferOptions { ThrottleLimit = 5, RetryCount = 2, RetryInterval = TimeSpan.FromSeconds(3) }, request.Transfer);
    }

    [Theory]
    [InlineData("Pull-Image a, b", "a b")]
    [InlineData("'a', 'b' | Receive-Image", "a b")]
    [InlineData("Receive-Image r/a -AllTags", "r/a:1 r/a:1.1 r/a:latest")]
    [InlineData("Get-RegistryTag r/a 1* | Receive-Image", "r/a:1 r/a:1.1")]
    [InlineData("Resolve-ImageReference a | Receive-Image", "a@sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc")]
    [InlineData("Receive-Image a -WhatIf", "")]
    public void Receive_takes_names_from_everywhere(string script, string names)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), outcome.Names);
    }

    [Fact]
    public void A_warning_of_the_engine_is_a_warning()
    {
        var outcome = _session.Run("Receive-Image a 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] } | ForEach-Object { $_.Message }");

        Assert.Equal("few pulls are left", Assert.Single(outcome.Output).BaseObject);
    }

    [Theory]
    [InlineData("Publish-Image shop/web:1", "shop/web:1>")]
    [InlineData("Publish-Image shop/web:1 localhost:5000/web:3", "shop/web:1>localhost:5000/web:3")]
    [InlineData("Push-Image shop/web -AllTags", "shop/web:1> shop/web:2>")]
    [InlineData("Publish-Image shop/*", "shop/web:1> shop/web:2>")]
    [InlineData("Get-Image base | Publish-Image -Destination r/base", "shop/web:1>r/base")]
    [InlineData("Publish-Image shop/web:1 -WhatIf", "")]
    public void Publish_pushes_what_was_chosen(string script, string pushes)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(pushes, string.Join(' ', _session.Images.Pushes.Select(push => $"{push.Name}>{push.Destination}")));
    }

    [Theory]
    [InlineData("Publish-Image shop/web:1 -CompressionLevel 3", "CompressionMissing")]
    [InlineData("Publish-Image shop/* r/x", "DestinationAmbiguous")]
    [InlineData("Publish-Image none -AllTags", "ImageNotFound")]
    [InlineData("Get-RegistryTag no/such", "RemoteImageNotFound")]
    public void What_cannot_be_meant_is_refused(string script, string code)
    {
        var outcome = _session.Run(script);

        Assert.StartsWith(code + ",", outcome.ErrorId, StringComparison.Ordinal);
        Assert.Empty(_session.Images.Pushes);
    }

    [Fact]
    public void Compression_reaches_the_engine()
    {
        _session.Run("Publish-Image shop/web:1 -Compression Zstd -CompressionLevel 19 -Force -Platform linux/arm64");

        var push = Assert.Single(_session.Images.Pushes);
        Assert.Equal((ImageCompression.Zstd, 19, true, "linux/arm64"), (push.Compression, push.CompressionLevel, push.ForceCompression, push.Platform));
    }

    [Theory]
    [InlineData("Find-Image nginx -Registry r1, r2 -First 5", "search r1 nginx 5|search r2 nginx 5")]
    [InlineData("Resolve-ImageReference a:1 -Platform linux/arm64", "resolve a:1 linux/arm64")]
    [InlineData("Get-ImageManifest a:1 -Remote -Platform linux/arm64", "manifest a:1 linux/arm64")]
    [InlineData("Get-ImageReferrer a:1 -ArtifactType signature", "referrers a:1 signature")]
    [InlineData("Remove-RegistryImage a:1, b:2 -Confirm:$false", "delete a:1|delete b:2")]
    [InlineData("Remove-RegistryImage a:1 -WhatIf", "")]
    public void Questions_and_changes_reach_the_registry(string script, string calls)
    {
        var outcome = _session.Run(script);

        Assert.Empty(outcome.Errors);
        Assert.Equal(calls, string.Join('|', _session.Repositories.Calls));
    }

    [Fact]
    public void Raw_gives_the_document()
    {
        Assert.Equal("{\"remote\":true}", Assert.Single(_session.Run("Get-ImageManifest a -Remote -Raw").Output).BaseObject);
        Assert.Equal("{}", Assert.Single(_session.Run("Get-ImageManifest base -Raw").Output).BaseObject);
    }

    [Fact]
    public void Official_leaves_the_others_out() =>
        Assert.Equal(["nginx"], _session.Run("Find-Image nginx -Official").Names);

    [Fact]
    public void Copy_hands_over_what_it_was_told()
    {
        var outcome = _session.Run("Copy-Image a:1 r/a:2 -Platform linux/arm64 -All");

        Assert.Equal(["r/a:2"], outcome.Names);
        var copy = _session.Repositories.LastCopy!;
        Assert.Equal(("a:1", "r/a:2", true), (copy.Source, copy.Destination, copy.Referrers));
        Assert.Equal(["linux/arm64"], copy.Platforms);
    }
}
