using System.Collections;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace ContainerTools.Cmdlets;

/// <summary>Secrets of a build as users give them: a SecureString, a path, <c>env:NAME</c>, or bytes.</summary>
internal static class BuildSecrets
{
    private const string EnvironmentPrefix = "env:";

    /// <summary>Their contents by id. Throws <c>BuildSecretNotFound</c>, <c>InvalidBuildSecret</c>.</summary>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Read(IDictionary? given, Func<string, string> resolvePath) =>
        Values.Pairs(given, "secret").ToDictionary(pair => pair.Key, pair => Content(pair.Key, pair.Value, resolvePath), StringComparer.Ordinal);

    private static ReadOnlyMemory<byte> Content(string id, object? value, Func<string, string> resolvePath) => value switch
    {
        SecureString secure => Plain(secure),
        byte[] bytes => bytes,
        string text when text.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase) => Encoding.UTF8.GetBytes(
            Environment.GetEnvironmentVariable(text[EnvironmentPrefix.Length..]) ?? throw NotFound(id, $"the environment has no variable '{text[EnvironmentPrefix.Length..]}'")),
        string or FileInfo => File(id, resolvePath(value.ToString()!)),
        _ => throw new ContainerToolsException(
            ErrorKind.InvalidArgument, "InvalidBuildSecret", $"The secret '{id}' is neither a SecureString nor a path.", id, "Write @{ ID = $secureString }, @{ ID = './file' } or @{ ID = 'env:NAME' }."),
    };

    private static byte[] File(string id, string path)
    {
        try
        {
            return System.IO.File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotFound(id, $"the file '{path}' cannot be read");
        }
    }

    private static ContainerToolsException NotFound(string id, string reason) => new(
        ErrorKind.NotFound, "BuildSecretNotFound", $"The secret '{id}' has no value: {reason}.", id, "Give a path, 'env:NAME' or a SecureString.");

    private static byte[] Plain(SecureString secure)
    {
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(secure);
        try
        {
            return Encoding.UTF8.GetBytes(Marshal.PtrToStringUni(pointer, secure.Length));
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
        }
    }
}
