using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ContainerTools.Linux;

namespace ContainerTools.Engine.Registry.Credentials;

/// <summary>One configuration file with logins. Other programs own it too: what they wrote stays, and a change is whole or none.</summary>
internal sealed class DockerConfigFile(string path)
{
    private const string Auths = "auths";
    private const int OwnerOnly = 0x180;
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Relaxed = new(CredentialJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Path => path;

    /// <summary>What it says; nothing when there is no file. Throws <c>DockerConfigInvalid</c>.</summary>
    public DockerConfig Read() => Guard(() => ReadText() is { } text ? JsonSerializer.Deserialize(text, CredentialJson.Default.DockerConfig) ?? new DockerConfig() : new DockerConfig());

    /// <summary>The login that an entry keeps. Throws <c>DockerConfigInvalid</c>, <c>RegistryTokenNotSupported</c>.</summary>
    public RegistryCredential Open(string key, DockerAuth auth)
    {
        if (auth.IdentityToken is { Length: > 0 } token)
        {
            return new RegistryCredential("", token, IsIdentityToken: true);
        }

        if (auth is { RegistryToken.Length: > 0, Auth: null or "", UserName: null or "" })
        {
            throw new ContainerToolsException(
                ErrorKind.NotSupported, "RegistryTokenNotSupported", $"The login to '{key}' in {path} is an access token ('registrytoken'), which cannot be renewed.", key, "Log in with Connect-ContainerRegistry.");
        }

        return auth.Decode() is { } login
            ? new RegistryCredential(login.UserName, login.Password)
            : throw Invalid($"The login to '{key}' in {path} is not 'user:password' in base64.", "Log in again with Connect-ContainerRegistry.", null);
    }

    /// <summary>Makes <paramref name="auth"/> the entry of a registry, in place of all that mean the same registry. Throws <c>DockerConfigInvalid</c>, <c>DockerConfigBusy</c>.</summary>
    public void Set(string registry, DockerAuth auth)
    {
        var key = RegistryNames.KeysOf(registry)[0];
        Change(text => JsonTextEdit.Set(Without(text, registry, except: key), Auths, key, JsonSerializer.Serialize(auth, Relaxed)));
    }

    /// <summary>Removes all entries of a registry; false when there is none. Throws <c>DockerConfigInvalid</c>, <c>DockerConfigBusy</c>.</summary>
    public bool Remove(string registry)
    {
        if (Read().Auths?.Keys.Any(key => RegistryNames.FromKey(key) == registry) is not true)
        {
            return false;
        }

        Change(text => Without(text, registry, except: null));
        return true;
    }

    private static byte[] Without(byte[] text, string registry, string? except) => JsonTextEdit.Remove(text, Auths, key => key != except && RegistryNames.FromKey(key) == registry);

    private byte[]? ReadText()
    {
        try
        {
            var text = File.ReadAllBytes(path);
            return text.AsSpan().Trim(" \t\r\n"u8).IsEmpty ? null : text;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Change(Func<byte[], byte[]> edit) => Guard(() =>
    {
        // A configuration that is kept elsewhere by a symbolic link stays there.
        var real = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        var parent = System.IO.Path.GetDirectoryName(real)!;
        Directory.CreateDirectory(parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var directory = DirectoryHandle.Open(parent);
        Lock(directory);
        var changed = edit(ReadText() ?? "{}"u8.ToArray());
        var temporary = $"{System.IO.Path.GetFileName(real)}.{Guid.NewGuid():N}";
        try
        {
            using (var file = directory.TryCreateFile(Encoding.UTF8.GetBytes(temporary), OwnerOnly) ?? throw new IOException("The temporary file's name is taken."))
            {
                if (directory.TryGetStatus(Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(real))) is { } before)
                {
                    file.SetOwner(before.Owner, before.Group);
                }

                file.Write(changed);
                file.Sync();
            }

            File.Move(System.IO.Path.Combine(parent, temporary), real, overwrite: true);
        }
        finally
        {
            File.Delete(System.IO.Path.Combine(parent, temporary));
        }

        return true;
    });

    /// <summary>Keeps processes of this engine from losing each other's changes. The directory is locked, since the file itself is replaced.</summary>
    private void Lock(DirectoryHandle directory)
    {
        var deadline = Environment.TickCount64 + (long)LockWait.TotalMilliseconds;
        for (var pause = 1; !directory.TryLock(); pause = Math.Min(pause * 2, 50))
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new ContainerToolsException(ErrorKind.Unavailable, "DockerConfigBusy", $"Another process has been changing {path} for {LockWait.TotalSeconds:0} s.", path, "Wait for it to end and try again.");
            }

            Thread.Sleep(pause);
        }
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (JsonException error)
        {
            // The cause's message is left out: it may quote what it could not read.
            throw Invalid($"{path} is not a configuration in JSON{(error.LineNumber is { } line ? $" (line {line + 1})" : "")}.", "Mend the file, or move it away and log in again.", null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LinuxException)
        {
            throw Invalid($"{path} cannot be read or written: {error.Message}", "Check the path and its permissions.", error);
        }
    }

    private ContainerToolsException Invalid(string message, string mend, Exception? cause) => new(ErrorKind.InvalidArgument, "DockerConfigInvalid", message, path, mend, cause);
}
