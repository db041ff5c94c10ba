using System.Reflection;
using System.Runtime.CompilerServices;

namespace ContainerTools.Tests;

/// <summary>What scripts can do with the objects that cmdlets emit.</summary>
public class SnapshotTests
{
    public static TheoryData<string, string> Lists =>
    [
        .. from type in new[]
           {
               typeof(Container), typeof(ContainerSpec), typeof(ExecResult), typeof(BuildResult), typeof(Image), typeof(ImageConfiguration), typeof(HealthCheck), typeof(EngineInfo),
               typeof(ContainerNetwork), typeof(NetworkSpec), typeof(NetworkSubnet), typeof(NetworkEndpoint), typeof(NetworkAttachment), typeof(NetworkPolicy), typeof(ConnectionTestResult),
               typeof(ContainerRegistry),
               typeof(StorageItem),
           }
           from property in type.GetProperties()
           where property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
           select new TheoryDataRow<string, string>(type.Name, property.Name),
    ];

    /// <summary>PowerShell indexes arrays; the lists that a collection expression makes, it takes for one object.</summary>
    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_can_be_indexed(string type, string property)
    {
        var list = typeof(Container).Assembly.GetType($"ContainerTools.{type}", throwOnError: true)!.GetProperty(property)!;
        var snapshot = RuntimeHelpers.GetUninitializedObject(list.DeclaringType!);
        list.SetValue(snapshot, typeof(SnapshotTests).GetMethod(nameof(Two), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(list.PropertyType.GenericTypeArguments).Invoke(null, null));

        Assert.Equal(2, Assert.IsType<Array>(list.GetValue(snapshot), exactMatch: false).Length);
    }

    private static IReadOnlyList<T> Two<T>() => [default!, default!];
}
