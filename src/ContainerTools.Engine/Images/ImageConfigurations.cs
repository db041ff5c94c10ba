using ContainerTools.Oci;

namespace ContainerTools.Engine.Images;

/// <summary>From the OCI form of an image's execution defaults to the public one.</summary>
internal static class ImageConfigurations
{
    public static ImageConfiguration From(ImageExecutionConfig? config) => new()
    {
        User = config?.User ?? "",
        Environment = config?.Environment ?? [],
        Entrypoint = config?.Entrypoint ?? [],
        Command = config?.Command ?? [],
        WorkingDirectory = config?.WorkingDirectory ?? "",
        ExposedPorts = [.. config?.ExposedPorts?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()],
        Volumes = [.. config?.Volumes?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()],
        StopSignal = config?.StopSignal,
        HealthCheck = config?.Healthcheck is { Test: { } test } health
            ? new HealthCheck
            {
                Test = test,
                Interval = Duration(health.Interval),
                Timeout = Duration(health.Timeout),
                StartPeriod = Duration(health.StartPeriod),
                StartInterval = Duration(health.StartInterval),
                Retries = health.Retries,
            }
            : null,
        Shell = config?.Shell ?? [],
        OnBuild = config?.OnBuild ?? [],
    };

    // Go durations: nanoseconds, of which .NET keeps hundreds.
    private static TimeSpan? Duration(long? nanoseconds) => nanoseconds is > 0 ? TimeSpan.FromTicks(nanoseconds.Value / TimeSpan.NanosecondsPerTick) : null;
}
