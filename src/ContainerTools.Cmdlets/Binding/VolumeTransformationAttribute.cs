using System.Collections;
using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>
/// Takes bind mounts as <c>/source:/destination[:options]</c> or as <see cref="ContainerMount"/>. A relative source is seen from the session's
/// location.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VolumeTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Propagations = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var input = Values.Unwrap(inputData);
        return input is IEnumerable many and not string
            ? many.Cast<object>().Select(item => One(engineIntrinsics, Values.Unwrap(item))).ToArray()
            : new[] { One(engineIntrinsics, input) };
    }

    private static ContainerMount One(EngineIntrinsics? session, object? input) => input switch
    {
        ContainerMount mount => mount,
        string text => Parse(session, text),
        _ => throw Refuse(input, "it is neither text nor a mount"),
    };

    private static ContainerMount Parse(EngineIntrinsics? session, string text)
    {
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0)
        {
            throw Refuse(text, "it needs a source and a destination");
        }

        if (!parts[1].StartsWith('/'))
        {
            throw Refuse(text, $"the destination '{parts[1]}' is not absolute");
        }

        var mount = new ContainerMount { Source = Absolute(session, parts[0]), Destination = parts[1] };
        var options = parts.Length == 3 ? parts[2].Split(',') : [];
        foreach (var option in options)
        {
            mount = option switch
            {
                "ro" => mount with { ReadOnly = true },
                "rw" => mount with { ReadOnly = false },
                _ when Propagations.Contains(option) => mount with { Propagation = option },
                _ => throw Refuse(text, $"the option '{option}' is unknown; known are ro, rw, {string.Join(", ", Propagations)}"),
            };
        }

        return mount;
    }

    private static string Absolute(EngineIntrinsics? session, string source)
    {
        if (source.StartsWith('/'))
        {
            return source;
        }

        // A bare word is what Docker calls a named volume; taking it for a directory would surprise.
        if (!source.Contains('/', StringComparison.Ordinal) && source is not ("." or ".." or "~"))
        {
            throw Refuse(source, "the source is a bare name, and named volumes do not exist here; write a path, for example ./" + source);
        }

        return session is null ? Path.GetFullPath(source) : session.SessionState.Path.GetUnresolvedProviderPathFromPSPath(source);
    }

    private static ArgumentTransformationMetadataException Refuse(object? input, string why) =>
        new($"'{input}' is no volume: {why}. Write '/source:/destination' or '/source:/destination:ro'.");
}
