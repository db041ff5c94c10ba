namespace ContainerTools.Engine.Images;

/// <summary>x</summary>
internal sealed class BaseImageBuilder(ImageStore store, BaseImageRequest request, IProgress<EngineProgress>? progress)
{
    public ImageRecord Build(CancellationToken cancellationToken) => throw new NotSupportedException($"{store} {request} {progress} {cancellationToken}");
}
