using System.Text;
using System.Text.Json.Nodes;
using ContainerTools.Oci;

namespace ContainerTools.Oci.Tests.Images;

public class ImageDocumentTests
{
    private const string Layer = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Config = $$$"""
        {"architecture":"arm64","variant":"v8","os":"linux","os.features":["x"],"author":"me","container":"abc",
         "config":{"Hostname":"h","User":"1:2","Env":["A=<&>"],"Entrypoint":["/e"],"Cmd":["c"],"Labels":{"k":"ü"},"ExposedPorts":{"80/tcp":{}},"Volumes":{"/v":{}},
          "WorkingDir":"/w","StopSignal":"SIGINT","Shell":["/bin/bash","-c"],"OnBuild":["RUN a"],"ArgsEscaped":true,
          "Healthcheck":{"Test":["CMD-SHELL","x"],"Interval":1,"Timeout":2,"StartPeriod":3,"StartInterval":4,"Retries":5,"Future":6}},
         "rootfs":{"type":"layers","diff_ids":["{{{Layer}}}"]},
         "history":[{"created_by":"a","comment":"c","author":"x","new":1},{"created_by":"b","empty_layer":true}]}
        """;

    [Fact]
    public void A_configuration_keeps_every_member_known_or_not()
    {
        var config = OciJson.ReadConfig(Encoding.UTF8.GetBytes(Config));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Config), JsonNode.Parse(OciJson.Write(config))));
        Assert.Equal(["/bin/bash", "-c"], config.Config!.Shell);
        Assert.Equal(4, config.Config.Healthcheck!.StartInterval);
        Assert.True(config.History![1].EmptyLayer);
    }

    [Fact]
    public void Nulls_as_Docker_writes_them_are_read()
    {
        var config = OciJson.ReadConfig("""{"architecture":"a","os":"linux","config":{"Env":null,"Cmd":null,"Labels":null,"Volumes":null,"Healthcheck":null},"rootfs":{"type":"layers","diff_ids":null},"history":null}"""u8);

        Assert.Null(config.Config!.Environment);
        Assert.Null(config.RootFilesystem.DiffIds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"architecture":"a","os":"l"}""")]
    [InlineData("""{"architecture":"a","os":"l","rootfs":{"diff_ids":["sha256:12"]}}""")]
    [InlineData("""{"architecture":"a","architecture":"b","os":"l","rootfs":{}}""")]
    [InlineData("""{"architecture":"a","os":"l","rootfs":{},"config":{"Env":"A=b"}}""")]
    public void A_broken_configuration_is_refused(string json)
    {
        var error = Assert.Throws<OciFormatException>(() => OciJson.ReadConfig(Encoding.UTF8.GetBytes(json)));

        Assert.Equal("InvalidImageDocument", error.Code);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_not_followed() => Assert.Throws<OciFormatException>(() =>
        OciJson.ReadConfig(Encoding.UTF8.GetBytes("""{"architecture":"a","os":"l","rootfs":{},"deep":""" + new string('[', 100_000))));

    [Fact]
    public void A_manifest_and_an_index_keep_unknown_members()
    {
        const string Manifest = $$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.ImageManifest}}}","config":{"mediaType":"{{{MediaTypes.ImageConfig}}}","digest":"{{{Layer}}}","size":3,"data":"e30="},
             "layers":[{"mediaType":"{{{MediaTypes.LayerZstd}}}","digest":"{{{Layer}}}","size":5,"annotations":{"a":"b"}}],"annotations":{"x":"y"},"later":true}
            """;
        const string Index = $$$"""
            {"schemaVersion":2,"manifests":[{"mediaType":"{{{MediaTypes.ImageManifest}}}","digest":"{{{Layer}}}","size":3,"platform":{"architecture":"arm","os":"linux","variant":"v7","os.version":"1"}}]}
            """;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Manifest), JsonNode.Parse(OciJson.Write(OciJson.ReadManifest(Encoding.UTF8.GetBytes(Manifest))))));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Index), JsonNode.Parse(OciJson.Write(OciJson.ReadIndex(Encoding.UTF8.GetBytes(Index))))));
    }
}
