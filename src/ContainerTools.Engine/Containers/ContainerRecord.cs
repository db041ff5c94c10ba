namespace ContainerTools.Engine.Containers;

/// <summary>A container's row of the catalogue.</summary>
internal sealed record ContainerRecord(string Id, string Name, string ImageId, DateTimeOffset Created, ContainerSpec Spec);
