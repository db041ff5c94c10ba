using ContainerTools.Engine.Networks.Addresses;

namespace ContainerTools.Engine.Networks;

/// <summary>A network of the catalogue.</summary>
internal sealed record NetworkRecord(string Id, string Name, DateTimeOffset Created, IReadOnlyList<Subnet> Subnets);
