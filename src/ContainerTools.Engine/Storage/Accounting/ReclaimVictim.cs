namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>One thing that may go.</summary>
/// <param name="Kind">What it is to the user.</param>
/// <param name="Form">How it is taken away.</param>
/// <param name="Id">Digest, id or path.</param>
/// <param name="Name">For people.</param>
/// <param name="Reason">Why it may go.</param>
/// <param name="Parts">What goes with it, after the victims before it.</param>
internal sealed record ReclaimVictim(StorageKind Kind, VictimForm Form, string Id, string Name, string Reason, IReadOnlyList<StoredPart> Parts)
{
    public long Size => Parts.Sum(part => part.Size);
}
