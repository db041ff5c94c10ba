using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>Turns reports of the engine into progress records (at most one each 100 ms for an item) and log lines into information records.</summary>
internal sealed class ProgressWriter(Cmdlet cmdlet, Action<Action> post, TimeProvider clock) : IProgress<EngineProgress>
{
    private const int ParentId = 1;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Item> _items = [];
    private string? _activity;

    public void Report(EngineProgress value)
    {
        if (value.LogLine is { } line)
        {
            post(() => cmdlet.WriteInformation(line, [value.Activity]));
            return;
        }

        if (value.Warning is { } warning)
        {
            post(() => cmdlet.WriteWarning(warning));
            return;
        }

        lock (_gate)
        {
            _activity ??= value.Activity;
            if (!_items.TryGetValue(value.Item, out var item))
            {
                item = new Item(ParentId + 1 + _items.Count);
                _items.Add(value.Item, item);
            }

            var now = clock.GetTimestamp();
            if (item.Completed || (!value.Completed && item.Written is { } last && clock.GetElapsedTime(last, now) < Interval))
            {
                return;
            }

            item.Written = now;
            item.Completed = value.Completed;
            var parent = ParentRecord();
            var child = ChildRecord(item, value);
            post(() =>
            {
                cmdlet.WriteProgress(parent);
                cmdlet.WriteProgress(child);
            });
        }
    }

    /// <summary>Takes every bar away; runs on the pipeline thread.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_activity is null)
            {
                return;
            }

            foreach (var (name, item) in _items.Where(pair => !pair.Value.Completed))
            {
                cmdlet.WriteProgress(new ProgressRecord(item.Id, name, "Done") { ParentActivityId = ParentId, RecordType = ProgressRecordType.Completed });
            }

            cmdlet.WriteProgress(new ProgressRecord(ParentId, _activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private ProgressRecord ParentRecord()
    {
        var done = _items.Values.Count(item => item.Completed);
        return new ProgressRecord(ParentId, _activity!, $"{done} of {_items.Count}") { PercentComplete = done * 100 / _items.Count };
    }

    private static ProgressRecord ChildRecord(Item item, EngineProgress report) =>
        new(item.Id, report.Item, report.Status.Length == 0 ? "Working" : report.Status)
        {
            ParentActivityId = ParentId,
            PercentComplete = report.Total is > 0 and var total ? (int)Math.Clamp(report.Done * 100.0 / total, 0, 100) : -1,
            RecordType = report.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };

    private sealed class Item(int id)
    {
        public int Id { get; } = id;

        public long? Written { get; set; }

        public bool Completed { get; set; }
    }
}
