using ContainerTools.Engine.Storage;
using ContainerTools.Oci;

namespace ContainerTools.Engine.Host;

/// <summary>
/// Brings new layers to the disk in the background, some seconds after the last one came, when the kernel has written most of it by itself. A process that
/// ends earlier leaves it to the next one that opens the store.
/// </summary>
internal sealed class StoreSettling(LayerStore layers) : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _catalog = new();
    private bool _ended;
    private int _asked;

    /// <summary>Asks for it; many askings within the delay are one.</summary>
    public void Ask()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
        {
            _ = SettleAsync(_end.Token);
        }
    }

    public void Dispose()
    {
        _end.Cancel();

        // What is at the catalogue ends first; the disk is not waited for.
        lock (_catalog)
        {
            _ended = true;
        }

        _end.Dispose();
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Delay, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _asked, 0);
            await Task.Factory.StartNew(Settle, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ContainerToolsException or Linux.LinuxException or Microsoft.Data.Sqlite.SqliteException)
        {
            // The marks stay, and with them the doubt: the next opening settles it.
        }
    }

    private void Settle()
    {
        IReadOnlyList<Digest> found;
        lock (_catalog)
        {
            found = _ended ? [] : layers.FindUnsettled();
        }

        if (found.Count == 0)
        {
            return;
        }

        layers.Sync();
        lock (_catalog)
        {
            if (!_ended)
            {
                layers.MarkSettled(found);
            }
        }
    }
}
