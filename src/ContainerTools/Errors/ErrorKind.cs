namespace ContainerTools;

/// <summary>The closed set of reasons an engine operation can fail; every cmdlet maps one kind to one PowerShell error category.</summary>
public enum ErrorKind
{
    /// <summary>The engine itself is wrong: a defect, or a state it does not understand.</summary>
    Internal,

    /// <summary>The named object does not exist.</summary>
    NotFound,

    /// <summary>An object of that name or content exists already.</summary>
    AlreadyExists,

    /// <summary>The object exists but its present state forbids the operation.</summary>
    Conflict,

    /// <summary>The caller's input is malformed or contradictory.</summary>
    InvalidArgument,

    /// <summary>The kernel or the file system refused for lack of privilege.</summary>
    PermissionDenied,

    /// <summary>Credentials are missing or wrong.</summary>
    Unauthenticated,

    /// <summary>The time allowed has run out.</summary>
    Timeout,

    /// <summary>Something needed (a store lock, a service, a device) cannot be reached now.</summary>
    Unavailable,

    /// <summary>A limit is reached: disk space, memory, file descriptors, configured maxima.</summary>
    ResourceExhausted,

    /// <summary>The input is well formed but asks for something this engine or this host does not do.</summary>
    NotSupported,

    /// <summary>Stored or received data does not match its digest or format.</summary>
    DataLoss,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
