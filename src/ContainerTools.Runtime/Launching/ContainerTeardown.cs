using ContainerTools.Linux.Cgroups;

namespace ContainerTools.Runtime.Launching;

/// <summary>Takes away what a container leaves behind.</summary>
internal static class ContainerTeardown
{
    /// <summary>Kills every process of the cgroup, removes the cgroup, then the state. Everything is tried; the first error is thrown at the end.</summary>
    public static void Remove(ICgroup? cgroup, string stateDirectory)
    {
        List<Exception> errors = [];
        if (cgroup is not null)
        {
            Attempt(cgroup.KillAll, errors);
            Attempt(cgroup.Delete, errors);
        }

        if (errors.Count == 0)
        {
            // The state names the cgroup: it goes last, so that what could not be removed can be found again.
            Attempt(() => Directory.Delete(stateDirectory, recursive: true), errors);
        }

        if (errors.Count > 0)
        {
            throw errors.Count == 1 ? errors[0] : new AggregateException(errors);
        }
    }

    private static void Attempt(Action step, List<Exception> errors)
    {
        try
        {
            step();
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else has removed it.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Linux.LinuxException or NotSupportedException)
        {
            errors.Add(error);
        }
    }
}
