using ContainerTools.Linux.Firewall;
using ContainerTools.Linux.Netlink;
using ContainerTools.Linux.Starting;

namespace ContainerTools.Linux.Tests.Firewall;

public sealed class NftablesTests : IDisposable
{
    private readonly NetworkNamespace _network = NetworkNamespace.Create();

    public static TheoryData<string> Backends => ["library", "program"];

    public void Dispose() => _network.Dispose();

    private string Run(string backend, string commands) => _network.Run(() => Open(backend).Run(commands));

    private static INftables Open(string backend) => backend == "library" ? NftablesLibrary.TryOpen()! : NftablesProgram.TryFind()!;

    [Theory]
    [MemberData(nameof(Backends))]
    public void Commands_change_the_namespace_of_the_thread_and_no_other(string backend)
    {
        using var other = NetworkNamespace.Create();
        Run(backend, "add table inet mine\nadd chain inet mine one\n");
        Assert.Equal("table inet mine {\n\tchain one {\n\t}\n}\n", Run(backend, "list ruleset\n"));
        Assert.Empty(other.Run(() => Open(backend).Run("list ruleset\n")));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void One_line_that_the_kernel_refuses_undoes_all_and_is_named(string backend)
    {
        var error = Assert.Throws<NftablesException>(() => Run(backend, "add table inet mine\nadd chain inet mine one\ndelete table inet absent\nadd chain inet mine two\n"));
        Assert.Equal(("No such file or directory", 3, "delete table inet absent"), (error.Reason.Replace("Could not process rule: ", "", StringComparison.Ordinal), error.LineNumber, error.Line));
        Assert.Empty(Run(backend, "list ruleset\n"));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void One_line_that_cannot_be_read_undoes_all_and_is_named(string backend)
    {
        var error = Assert.Throws<NftablesException>(() => Run(backend, "add table inet mine\nadd chain inet mine\nadd chain inet mine one\n"));
        Assert.StartsWith("syntax error", error.Reason, StringComparison.Ordinal);
        Assert.Equal((2, "add chain inet mine"), (error.LineNumber, error.Line));
        Assert.Contains("in line 2: add chain inet mine", error.Message, StringComparison.Ordinal);
        Assert.Empty(Run(backend, "list ruleset\n"));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Transactions_of_many_threads_all_take_place(string backend)
    {
        Run(backend, "add table inet mine\nadd set inet mine ports { type inet_service; }\n");
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number => Run(backend, $"add element inet mine ports {{ {number + 1} }}\n"));
        var list = Run(backend, "list set inet mine ports\n");
        Assert.All(Enumerable.Range(1, 40), number => Assert.Matches($@"\b{number}\b", list));
    }

    private static unsafe void DropCapabilities()
    {
        var header = stackalloc uint[2] { 0x20080522, 0 }; // _LINUX_CAPABILITY_VERSION_3, this thread
        var data = stackalloc uint[6] { 0, 0, 0, 0, 0, 0 };
        KernelCall.Require(SystemCall.Capset, null, (long)header, (long)data);
    }

    [Fact]
    public void A_thread_without_the_right_gets_one_clear_error()
    {
        var errors = new List<Exception?>();
        var thread = new Thread(() =>
        {
            DropCapabilities();
            errors.Add(Record.Exception(() => NftablesLibrary.TryOpen()!.Run("list ruleset\n")));
            errors.Add(Record.Exception(() => NftablesProgram.TryFind()!.Run("list ruleset\n")));
        });
        thread.Start();
        thread.Join();
        Assert.All(errors, error => Assert.Equal(LinuxError.NotPermitted, Assert.IsType<LinuxException>(error).Errno));
    }
}
