using System.Management.Automation;

namespace ContainerTools.Cmdlets.Tests;

public sealed class TransformationTests
{
    [Theory]
    [InlineData("64m", 64L << 20)]
    [InlineData("64MB", 64L << 20)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("10k", 10240L)]
    [InlineData("12", 12L)]
    [InlineData("7b", 7L)]
    [InlineData(5, 5L)]
    [InlineData(1048576.0, 1L << 20)]
    public void Sizes(object input, long bytes) => Assert.Equal(bytes, new SizeTransformationAttribute().Transform(null!, input));

    [Theory]
    [InlineData("64x")]
    [InlineData("m")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e400")]
    [InlineData("99999999p")]
    [InlineData("1mbb")]
    [InlineData(1.5)]
    [InlineData(true)]
    public void No_sizes(object input) => Assert.Throws<ArgumentTransformationMetadataException>(() => new SizeTransformationAttribute().Transform(null!, input));

    [Theory]
    [InlineData("30", 30)]
    [InlineData("30s", 30)]
    [InlineData("1m30s", 90)]
    [InlineData("500ms", 0.5)]
    [InlineData("2h", 7200)]
    [InlineData("00:01:00", 60)]
    [InlineData(10, 10)]
    [InlineData(0.25, 0.25)]
    public void Durations(object input, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), new DurationTransformationAttribute().Transform(null!, input));

    [Theory]
    [InlineData("soon")]
    [InlineData("5y")]
    [InlineData("-5")]
    [InlineData("")]
    [InlineData(-1)]
    public void No_durations(object input) => Assert.Throws<ArgumentTransformationMetadataException>(() => new DurationTransformationAttribute().Transform(null!, input));

    [Theory]
    [InlineData("/a:/b", "/a:/b", "rprivate")]
    [InlineData("/a:/b:ro", "/a:/b:ro", "rprivate")]
    [InlineData("/a:/b:ro,rslave", "/a:/b:ro", "rslave")]
    public void Volumes(string input, string shown, string propagation)
    {
        var mount = Assert.Single((ContainerMount[])new VolumeTransformationAttribute().Transform(null!, input));

        Assert.Equal((shown, propagation), (mount.ToString(), mount.Propagation));
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("/a:b")]
    [InlineData("data:/b")]
    [InlineData("/a:/b:rx")]
    [InlineData(":/b")]
    public void No_volumes(string input) => Assert.Throws<ArgumentTransformationMetadataException>(() => new VolumeTransformationAttribute().Transform(null!, input));

    [Theory]
    [InlineData("nofile=10:20", 10, 20)]
    [InlineData("nofile=10", 10, 10)]
    [InlineData("nofile=5:-1", 5, -1)]
    public void Ulimits(string input, long soft, long hard) =>
        Assert.Equal(new Ulimit(soft, hard), ((Dictionary<string, Ulimit>)new UlimitTransformationAttribute().Transform(null!, input))["nofile"]);

    [Theory]
    [InlineData("nofile=20:10")]
    [InlineData("nofile=x")]
    [InlineData("nofile=1:2:3")]
    public void No_ulimits(string input) => Assert.Throws<ArgumentTransformationMetadataException>(() => new UlimitTransformationAttribute().Transform(null!, input));

    [Fact]
    public void A_variable_needs_a_value() => Assert.Throws<ArgumentTransformationMetadataException>(() => new MapTransformationAttribute().Transform(null!, "NAME"));
}
