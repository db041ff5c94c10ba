namespace ContainerTools.Engine.Build;

/// <summary>Input that is well formed but asks for what this engine does not do; whoever knows the line turns it into the user's error.</summary>
internal sealed class UnsupportedFeatureException(string message) : Exception(message);
