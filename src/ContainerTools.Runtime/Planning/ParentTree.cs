namespace ContainerTools.Runtime.Planning;

/// <summary>A mount tree that the parent clones (open_tree(2)) into a slot of the child.</summary>
internal sealed record ParentTree(int Slot, string Path, bool Recursive);
