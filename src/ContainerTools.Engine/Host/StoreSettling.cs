using ContainerTools.Engine.Storage;

namespace ContainerTools.Engine.Host;

/// <summary>
/// Brings new layers to the disk in the background, some seconds after the last one came, when the kernel has written most of it by itself. A process that
/// ends earlier leaves it to the next one that opens the store.
/// </summary>
internal sealed class StoreSettling(LayerStore layers) : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _end = new();
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
        _end.Dispose();
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Delay, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _asked, 0);
            await Task.Factory.StartNew(() => layers.Settle(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ContainerToolsException or Linux.LinuxException or Microsoft.Data.Sqlite.SqliteException)
        {
            // The marks stay, and with them the doubt: the next opening settles it.
        }
    }
}
