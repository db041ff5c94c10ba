namespace ContainerTools.Engine.Storage;

/// <summary>What one layer may cost; shared between the layers of one import through <see cref="Budget"/>.</summary>
/// <param name="MaximumEntries">Most entries of one layer.</param>
/// <param name="Budget">Bytes that all layers together may unpack to.</param>
internal sealed record LayerLimits(int MaximumEntries, ByteBudget Budget)
{
    public const int DefaultMaximumEntries = 1_000_000;
    public const long DefaultMaximumBytes = 64L << 30;

    /// <summary>Limits for one import.</summary>
    public static LayerLimits ForImport(long? maximumBytes = null) => new(DefaultMaximumEntries, new ByteBudget(maximumBytes ?? DefaultMaximumBytes));
}
