namespace ContainerTools.Runtime.Planning;

/// <summary>errno(3) values, the same on every architecture that is supported.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NoDevice = 19;
    public const int NotDirectory = 20;
    public const int Invalid = 22;
    public const int NoSystemCall = 38;
    public const int TooManyLinks = 40;
}
