using System.Management.Automation;

namespace ContainerTools.Cmdlets;

/// <summary>The one place where errors of the engine become error records.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord From(Exception exception, object? target = null)
    {
        if (exception is ContainerToolsException known)
        {
            return new ErrorRecord(known, known.Code, CategoryOf(known.Kind), known.Target ?? target)
            {
                ErrorDetails = DetailsOf(known),
            };
        }

        return exception switch
        {
            OperationCanceledException => new ErrorRecord(exception, "OperationStopped", ErrorCategory.OperationStopped, target),
            UnauthorizedAccessException => new ErrorRecord(exception, "AccessDenied", ErrorCategory.PermissionDenied, target),
            IOException => new ErrorRecord(exception, "InputOutputFailed", ErrorCategory.ReadError, target),
            _ => new ErrorRecord(exception, "UnexpectedFailure", ErrorCategory.InvalidResult, target),
        };
    }

    public static ErrorCategory CategoryOf(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        ErrorKind.Conflict => ErrorCategory.InvalidOperation,
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorKind.Unauthenticated => ErrorCategory.AuthenticationError,
        ErrorKind.Timeout => ErrorCategory.OperationTimeout,
        ErrorKind.Unavailable => ErrorCategory.ConnectionError,
        ErrorKind.ResourceExhausted => ErrorCategory.LimitsExceeded,
        ErrorKind.NotSupported => ErrorCategory.NotImplemented,
        ErrorKind.DataLoss => ErrorCategory.InvalidData,
        ErrorKind.Cancelled => ErrorCategory.OperationStopped,
        _ => ErrorCategory.InvalidResult,
    };

    private static ErrorDetails? DetailsOf(ContainerToolsException exception) => exception.RecommendedAction is { Length: > 0 } action
        ? new ErrorDetails(exception.Message) { RecommendedAction = action }
        : null;
}
