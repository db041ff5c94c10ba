namespace ContainerTools.Oci;

/// <summary>The elements of a document's lists and maps, for the question whether one of them is null (CVE-2024-23650).</summary>
internal static class ImageDocumentCheck
{
    public static IEnumerable<(string Name, object? Value)> Members(ImageConfigFile config) =>
    [
        .. Of("history", config.History),
        .. Of("Env", config.Config?.Environment),
        .. Of("Entrypoint", config.Config?.Entrypoint),
        .. Of("Cmd", config.Config?.Command),
        .. Of("Shell", config.Config?.Shell),
        .. Of("OnBuild", config.Config?.OnBuild),
        .. Of("Labels", config.Config?.Labels?.Values),
        .. Of("Healthcheck.Test", config.Config?.Healthcheck?.Test),
    ];

    public static IEnumerable<(string Name, object? Value)> Members(ImageManifest manifest) =>
        [.. Of("layers", manifest.Layers), .. Of("annotations", manifest.Annotations?.Values)];

    public static IEnumerable<(string Name, object? Value)> Members(ImageIndex index) =>
        [.. Of("manifests", index.Manifests), .. Of("annotations", index.Annotations?.Values)];

    public static IEnumerable<(string Name, object? Value)> Members(IReadOnlyList<DockerArchiveItem> items)
    {
        foreach (var item in items)
        {
            yield return ("the list", item);
            foreach (var member in Of("Layers", item.Layers).Concat(Of("RepoTags", item.RepoTags)))
            {
                yield return member;
            }
        }
    }

    private static IEnumerable<(string Name, object? Value)> Of(string name, IEnumerable<object?>? values) => (values ?? []).Select(value => (name, value));
}
