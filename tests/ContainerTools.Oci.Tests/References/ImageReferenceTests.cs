using ContainerTools.Oci;

namespace ContainerTools.Oci.Tests.References;

public class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    // Cases follow Docker's reference grammar (distribution/reference).
    [Theory]
    [InlineData("alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("alpine:3.20", "docker.io/library/alpine:3.20", "alpine:3.20")]
    [InlineData("library/alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("index.docker.io/shop/web", "docker.io/shop/web:latest", "shop/web:latest")]
    [InlineData("shop/web:1.2", "docker.io/shop/web:1.2", "shop/web:1.2")]
    [InlineData("localhost/web", "localhost/web:latest", "localhost/web:latest")]
    [InlineData("registry.example:5000/a/b_c__d-e.f", "registry.example:5000/a/b_c__d-e.f:latest", "registry.example:5000/a/b_c__d-e.f:latest")]
    [InlineData("[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000/a:latest")]
    [InlineData("Registry/a", "Registry/a:latest", "Registry/a:latest")]
    [InlineData("a@sha256:" + Hex, "docker.io/library/a@sha256:" + Hex, "a@sha256:" + Hex)]
    [InlineData("a:1@sha256:" + Hex, "docker.io/library/a:1@sha256:" + Hex, "a:1@sha256:" + Hex)]
    [InlineData("docker.io/library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest")]
    public void A_name_has_a_canonical_and_a_familiar_form(string text, string canonical, string familiar)
    {
        var reference = ImageReference.Parse(text).WithDefaultTag();

        Assert.Equal((canonical, familiar), (reference.Canonical, reference.Familiar));
        Assert.Equal(reference, ImageReference.Parse(canonical));
        Assert.Equal(reference, ImageReference.Parse(familiar));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Alpine", "lower case")]
    [InlineData("a//b", "words")]
    [InlineData("/a", "words")]
    [InlineData("a/", "words")]
    [InlineData("a..b", "words")]
    [InlineData("a___b", "words")]
    [InlineData("-a", "words")]
    [InlineData("a:", "tag")]
    [InlineData("a:.b", "tag")]
    [InlineData("a:b c", "tag")]
    [InlineData("a@sha256:12", "digest")]
    [InlineData("a@md5:" + Hex, "digest")]
    [InlineData("host_.example/a", "registry")]
    [InlineData("host.example:port/a", "registry")]
    [InlineData("a\n", "words")]
    [InlineData(Hex, "image id")]
    public void A_broken_name_is_refused_with_the_rule(string text, string rule)
    {
        Assert.False(ImageReference.TryParse(text, out _));
        var error = Assert.Throws<OciFormatException>(() => ImageReference.Parse(text));
        Assert.Equal("InvalidImageReference", error.Code);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_limits_are_Dockers()
    {
        Assert.True(ImageReference.TryParse(new string('a', 255 - "docker.io/library/".Length), out _));
        Assert.False(ImageReference.TryParse(new string('a', 256 - "docker.io/library/".Length), out _));
        Assert.True(ImageReference.TryParse("a:" + new string('t', 128), out _));
        Assert.False(ImageReference.TryParse("a:" + new string('t', 129), out _));
    }

    [Theory]
    [InlineData("sha256:" + Hex, true)]
    [InlineData("sha256:0123", false)]
    [InlineData("SHA256:" + Hex, false)]
    [InlineData("sha256:" + "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", false)]
    [InlineData("sha512:" + Hex, false)]
    [InlineData(Hex, false)]
    [InlineData("sha256:" + Hex + "\n", false)]
    public void A_digest_is_sha256_and_64_lower_case_digits(string text, bool valid) => Assert.Equal(valid, Digest.TryParse(text, out _));

    [Fact]
    public void A_digest_is_the_hash_of_content() =>
        Assert.Equal("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Digest.Of([]).ToString());
}
