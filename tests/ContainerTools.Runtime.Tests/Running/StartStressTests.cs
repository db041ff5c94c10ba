using System.Diagnostics;
using ContainerTools.Linux.Processes;

namespace ContainerTools.Runtime.Tests.Running;

/// <summary>
/// Starts while the runtime's garbage collector works. Between clone and exec the child has the collector's locks but not its threads: a child that
/// allocates, or makes an ordinary transition into native code, waits for ever. A quiet loop of starts does not show that.
/// </summary>
public sealed class StartStressTests
{
    private const int Starts = 60;
    private const int WindowChanged = 28;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void starts_end_well_while_other_threads_of_the_runtime_allocate_and_collect(bool init)
    {
        using Bundle bundle = new Bundle().WithArgs("true").With(config => config with
        {
            Annotations = new Dictionary<string, string> { [Oci.RuntimeSpec.RuntimeConfig.InitAnnotation] = init ? "true" : "false" },
        });
        bundle.Config.Save(Path.Combine(bundle.Root, "config.json"));

        // The smallest youngest generation, so that collections are many; and a storm of signals, each of which is handled on threads that allocate.
        bundle.Environment["DOTNET_GCgen0size"] = "4000";
        int sent = 0;
        for (int index = 0; index < Starts; index++)
        {
            using Process run = bundle.Start("run", "--bundle", bundle.Root, $"{bundle.Id}-{index}");
            while (!run.WaitForExit(0))
            {
                for (int count = 0; count < 50; count++)
                {
                    sent += Signal.TrySend(run.Id, WindowChanged) ? 1 : 0;
                }

                Assert.True(DateTime.Now - run.StartTime < TimeSpan.FromSeconds(20), "ctrun hangs");
            }

            Assert.Equal((0, ""), (run.ExitCode, run.StandardError.ReadToEnd()));
        }

        Assert.True(sent > Starts * 100, $"only {sent} signals were sent");
        Assert.Empty(Directory.GetDirectories(bundle.StateRoot));
    }
}
