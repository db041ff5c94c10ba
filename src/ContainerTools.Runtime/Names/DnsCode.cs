namespace ContainerTools.Runtime.Names;

/// <summary>Response codes (RFC 1035 4.1.1; those above 15 are split between header and OPT record, RFC 6891).</summary>
internal enum DnsCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}
