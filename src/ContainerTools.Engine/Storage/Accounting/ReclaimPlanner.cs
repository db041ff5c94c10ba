using ContainerTools.Engine.Networks;

namespace ContainerTools.Engine.Storage.Accounting;

/// <summary>Says what may go of a store: a function of a snapshot and a request, of nothing else.</summary>
internal sealed class ReclaimPlanner
{
    // A container is made first and started then: one that was made a moment ago is about to be started.
    private static readonly TimeSpan AboutToStart = TimeSpan.FromMinutes(1);

    private readonly StoreSnapshot _snapshot;
    private readonly ReclaimRequest _request;
    private readonly StoreReferences _references;
    private readonly HashSet<string> _removed = [];

    private ReclaimPlanner(StoreSnapshot snapshot, ReclaimRequest request) => (_snapshot, _request, _references) = (snapshot, request, new StoreReferences(snapshot));

    /// <summary>Victims in the order in which they are to go: what keeps others comes before them.</summary>
    public static IReadOnlyList<ReclaimVictim> Plan(StoreSnapshot snapshot, ReclaimRequest request)
    {
        var planner = new ReclaimPlanner(snapshot, request);
        return
        [
            .. planner.Of(StorageKind.Work, planner.Work),
            .. planner.Of(StorageKind.Container, planner.Containers),
            .. planner.Of(StorageKind.Log, planner.Logs),
            .. planner.Of(StorageKind.Network, planner.Networks),
            .. planner.Of(StorageKind.Image, planner.Images),
            .. planner.Of(StorageKind.BuildCache, planner.Cache),
            .. planner.Of(StorageKind.Partial, planner.Partials),
        ];
    }

    /// <summary>True when a container has come to its end and nobody is about to start it.</summary>
    public static bool IsOver(ContainerRow container, DateTimeOffset now) =>
        !container.Runs && !container.Busy && (container.Ended is not null || now - container.Created > AboutToStart);

    private IEnumerable<ReclaimVictim> Of(StorageKind kind, Func<IEnumerable<ReclaimVictim>> victims) => _request.Scope.Contains(kind) ? victims() : [];

    private IEnumerable<ReclaimVictim> Work()
    {
        if (_request.Labels.Count > 0)
        {
            yield break;
        }

        foreach (var part in PartsIn(StoreArea.Work))
        {
            yield return new ReclaimVictim(StorageKind.Work, VictimForm.WorkDirectory, part.Name, part.Name, "the process that worked there is gone", [part]);
        }

        var containers = _snapshot.Containers.Select(container => container.Id).ToHashSet();
        foreach (var part in PartsIn(StoreArea.Container).Where(part => !containers.Contains(part.Name)))
        {
            IEnumerable<StoredPart> parts = [part, .. Log(part.Name)];
            yield return new ReclaimVictim(StorageKind.Work, VictimForm.ContainerRemnant, part.Name, ShortName(part.Name), "no container of the catalogue owns it", [.. parts]);
        }

        foreach (var layer in _snapshot.Layers.Where(layer => _references.IsGarbage(layer) && IsOld(layer.Created)))
        {
            yield return new ReclaimVictim(StorageKind.Work, VictimForm.GarbageLayer, layer.Id, ShortName(layer.Id), "no image, build cache entry or operation uses it", _references.RemoveGarbage(layer));
        }

        foreach (var orphan in _references.FindOrphans().Where(orphan => IsOld(orphan.Modified)))
        {
            yield return new ReclaimVictim(StorageKind.Work, VictimForm.Orphan, orphan.Path, ShortName(orphan.Name), "no row of the catalogue knows it", [orphan]);
        }
    }

    private IEnumerable<ReclaimVictim> Containers()
    {
        foreach (var container in _snapshot.Containers.Where(IsOverAndOld))
        {
            _removed.Add(container.Id);
            IEnumerable<StoredPart> parts = [.. _snapshot.Parts.Where(part => part.Area == StoreArea.Container && part.Name == container.Id), .. Log(container.Id)];
            yield return new ReclaimVictim(StorageKind.Container, VictimForm.Container, container.Id, container.Name, container.Ended is null ? "it was never started" : "it does not run", [.. parts]);
        }
    }

    private IEnumerable<ReclaimVictim> Logs()
    {
        foreach (var container in _snapshot.Containers.Where(container => !_removed.Contains(container.Id) && IsOverAndOld(container)))
        {
            foreach (var log in Log(container.Id))
            {
                yield return new ReclaimVictim(StorageKind.Log, VictimForm.Log, container.Id, container.Name, "its container does not run", [log]);
            }
        }
    }

    private IEnumerable<ReclaimVictim> Networks()
    {
        var gone = _snapshot.Containers.Where(container => _removed.Contains(container.Id)).Select(container => container.Name).ToHashSet();
        return _snapshot.Networks
            .Where(network => network.Name != NetworkMode.Default && network.Builds.Count == 0 && network.Containers.All(gone.Contains) && HasLabels(network.Labels) && IsOld(network.Created))
            .Select(network => new ReclaimVictim(StorageKind.Network, VictimForm.Network, network.Id, network.Name, "no container is connected to it", []));
    }

    private IEnumerable<ReclaimVictim> Images()
    {
        var inUse = _snapshot.Containers.Where(container => !_removed.Contains(container.Id)).Select(container => container.Image).ToHashSet();

        // All are chosen before the first goes: an index whose last image goes loses its name, and would make others dangling.
        var victims = _snapshot.Images
            .Where(image => !inUse.Contains(image.Id) && HasLabels(image.Labels) && IsOld(image.Used))
            .Select(image => (Image: image, Names: _references.NamesOf(image.Id)))
            .Where(victim => _request.All || victim.Names.Count == 0)
            .ToList();
        return victims.Select(victim => new ReclaimVictim(
            StorageKind.Image,
            _request.All ? VictimForm.Image : VictimForm.DanglingImage,
            victim.Image.Id,
            victim.Names.Count > 0 ? victim.Names[0] : ShortName(victim.Image.Id),
            victim.Names.Count > 0 ? "no container was made of it" : "it has no name, and no container was made of it",
            _references.RemoveImage(victim.Image)));
    }

    private IEnumerable<ReclaimVictim> Cache() => _request.Labels.Count > 0 ? [] : new CachePlan(_snapshot, _references, _request, IsOld).Victims();

    private IEnumerable<ReclaimVictim> Partials() => _request.Labels.Count > 0
        ? []
        : PartsIn(StoreArea.Partial).Select(part => new ReclaimVictim(StorageKind.Partial, VictimForm.Partial, part.Name, ShortName(part.Name), "nobody works on it", [part]));

    private IEnumerable<StoredPart> PartsIn(StoreArea area) => _snapshot.Parts.Where(part => part.Area == area && !_snapshot.Busy.Contains((area, part.Name)) && IsOld(part.Modified));

    private IEnumerable<StoredPart> Log(string container) => _snapshot.Parts.Where(part => part.Area == StoreArea.Log && part.Name == container);

    private bool IsOverAndOld(ContainerRow container) => IsOver(container, _snapshot.Time) && IsOld(container.Ended ?? container.Created) && HasLabels(container.Labels);

    private bool IsOld(DateTimeOffset used) => _request.OlderThan is not { } age || _snapshot.Time - used >= age;

    private bool HasLabels(IReadOnlyDictionary<string, string> labels) =>
        _request.Labels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && (wanted.Value is null || wanted.Value == value));

    /// <summary>The first digits of a digest or id; any other name as it is.</summary>
    public static string ShortName(string id)
    {
        var hex = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return hex.Length == 64 ? hex[..12] : id;
    }
}
