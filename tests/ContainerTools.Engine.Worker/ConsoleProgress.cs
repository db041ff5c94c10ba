using ContainerTools;

namespace ContainerTools.Engine.Worker;

/// <summary>Says what an operation is at, a line each, so that whoever watches can choose the moment.</summary>
internal sealed class ConsoleProgress : IProgress<EngineProgress>
{
    public void Report(EngineProgress value) => Console.WriteLine(value.LogLine is { } line ? $"log {line}" : $"at {value.Item} {value.Status}");
}
