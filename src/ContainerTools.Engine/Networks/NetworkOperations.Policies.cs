namespace ContainerTools.Engine.Networks;

/// <content>Policies.</content>
internal sealed partial class NetworkOperations
{
    public NetworkPolicy AddPolicy(NetworkPolicy policy) => throw new NotSupportedException();

    public void RemovePolicy(string name) => throw new NotSupportedException();

}
