using System.Globalization;
using System.Text.Json;

namespace ContainerTools.Runtime.Commands;

/// <summary>One error in the form that callers of OCI runtimes read from <c>--log</c>.</summary>
internal static class LogLine
{
    public static string Format(string message, bool json)
    {
        string time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        return json
            ? $"{{\"msg\":\"{JsonEncodedText.Encode(message)}\",\"level\":\"error\",\"time\":\"{time}\"}}\n"
            : $"{time} error: {message}\n";
    }
}
