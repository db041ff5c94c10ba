using System.Reflection;

namespace ContainerTools.Api.Tests;

/// <summary>An engine that answers the calls a test has prepared and fails on any other.</summary>
public class FakeEngine : DispatchProxy
{
    private readonly Dictionary<string, Func<object?[], object?>> _answers = [];

    public static T Of<T>(params (string Method, Func<object?[], object?> Answer)[] answers)
        where T : class
    {
        var proxy = Create<T, FakeEngine>();
        foreach (var (method, answer) in answers)
        {
            ((FakeEngine)(object)proxy)._answers[method] = answer;
        }

        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _answers.TryGetValue(targetMethod!.Name, out var answer) ? answer(args ?? []) : throw new NotSupportedException($"The test does not expect {targetMethod.Name}.");
}
