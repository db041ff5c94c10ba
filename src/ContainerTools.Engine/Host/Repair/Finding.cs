namespace ContainerTools.Engine.Host.Repair;

/// <summary>One thing that is not as it should be, and how it is mended.</summary>
/// <param name="Kind">See <see cref="RepairAction.Kind"/> and <see cref="StorageIssue.Kind"/>.</param>
/// <param name="Target">A path, a process id, a digest or a name.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Mend">Takes it away, or puts it right; things that go together share one. Null when nothing helps.</param>
/// <param name="Size">Bytes that go with it.</param>
internal sealed record Finding(string Kind, string Target, string Reason, Action? Mend, long Size = 0)
{
    /// <summary>True when something does not work because of it.</summary>
    public bool IsDamage { get; init; }

    /// <summary>True when mending loses something.</summary>
    public bool NeedsForce { get; init; }

    /// <summary>What else to do about it.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>Mends it. What cannot be mended keeps none of the others: why not is added to the reason.</summary>
    public (bool Mended, string Reason) Try(string cannot)
    {
        try
        {
            Mend!();
            return (true, Reason);
        }
        catch (Exception error) when (Storage.StoreErrors.Translate(error, Target) is ContainerToolsException known)
        {
            return (false, $"{Reason}; it cannot be {cannot}: {known.Message}");
        }
    }
}
