using System.Runtime.InteropServices;
using System.Text;

namespace ContainerTools.Linux.Firewall;

/// <summary>libnftables(3), loaded at run time so that a host without it works.</summary>
internal sealed unsafe class NftablesLibrary : INftables
{
    // The library keeps tables of names and interfaces that all contexts of a process share, without locks.
    private static readonly Lock s_oneAtATime = new();

    private readonly delegate* unmanaged<uint, nint> _newContext;
    private readonly delegate* unmanaged<nint, void> _freeContext;
    private readonly delegate* unmanaged<nint, int> _bufferOutput;
    private readonly delegate* unmanaged<nint, int> _bufferErrors;
    private readonly delegate* unmanaged<nint, byte*> _output;
    private readonly delegate* unmanaged<nint, byte*> _errors;
    private readonly delegate* unmanaged<nint, byte*, int> _run;

    private NftablesLibrary(nint library)
    {
        _newContext = (delegate* unmanaged<uint, nint>)NativeLibrary.GetExport(library, "nft_ctx_new");
        _freeContext = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "nft_ctx_free");
        _bufferOutput = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "nft_ctx_buffer_output");
        _bufferErrors = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "nft_ctx_buffer_error");
        _output = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "nft_ctx_get_output_buffer");
        _errors = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "nft_ctx_get_error_buffer");
        _run = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, "nft_run_cmd_from_filename");
    }

    /// <summary>Loads the library; null when the host has none.</summary>
    public static NftablesLibrary? TryOpen() => NativeLibrary.TryLoad("libnftables.so.1", out var library) ? new NftablesLibrary(library) : null;

    /// <inheritdoc/>
    public string Run(string commands)
    {
        NftablesKernel.Require();

        // A file and not a buffer: of a buffer's lines, errors name always the first (nftables 1.0.6).
        using var input = new MemoryFile(commands);
        var path = Encoding.ASCII.GetBytes(FormattableString.Invariant($"/proc/self/fd/{input.Number}\0"));
        lock (s_oneAtATime)
        {
            // The context is made here, not once for all: it holds a socket of the namespace in which it was made.
            var context = _newContext(0);
            if (context == 0)
            {
                throw new LinuxException(LinuxError.NoMemory, "nft_ctx_new");
            }

            try
            {
                if (_bufferOutput(context) != 0 || _bufferErrors(context) != 0)
                {
                    throw new LinuxException(LinuxError.NoMemory, "nft_ctx_buffer_output");
                }

                int result;
                fixed (byte* start = path)
                {
                    result = _run(context, start);
                }

                return result == 0
                    ? Marshal.PtrToStringUTF8((nint)_output(context)) ?? ""
                    : throw NftablesErrors.From(commands, Marshal.PtrToStringUTF8((nint)_errors(context)) ?? "");
            }
            finally
            {
                _freeContext(context);
            }
        }
    }
}
