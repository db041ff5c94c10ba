namespace ContainerTools.Api.Errors;

/// <summary>The body of every error answer: <c>{"message": …}</c>.</summary>
/// <param name="Message">One sentence.</param>
internal sealed record ErrorResponse(string Message);
