using ContainerTools.Linux.Namespaces;
using ContainerTools.Linux.Starting;
using ContainerTools.Oci.RuntimeSpec;
using ContainerTools.Runtime.Commands;
using ContainerTools.Runtime.Planning;

namespace ContainerTools.Runtime.Tests.Planning;

public sealed class StartPlannerTests
{
    private static readonly StartFacts Facts = new() { Bundle = "/bundle", IsDirectory = _ => true, Cgroups = [new CgroupMembership("memory", "/cg")] };

    [Fact]
    public void a_plan_ends_with_every_place_of_the_path_and_the_error_that_counts()
    {
        StartPlan plan = StartPlanner.Plan(ExampleConfiguration.Create(), Facts);
        Operation[] execution = [.. plan.Operations.Operations.Skip(plan.ExecutionStart)];
        Assert.Equal(
            ["/usr/local/sbin/sh", "/usr/local/bin/sh", "/usr/sbin/sh", "/usr/bin/sh", "/sbin/sh", "/bin/sh"],
            execution.SkipLast(1).Select(operation => operation.Path));
        Assert.Equal(SystemCall.Fail, execution[^1].Call);
    }

    [Fact]
    public void the_cgroup_namespace_is_made_after_the_cgroup_is_joined()
    {
        StartPlan plan = StartPlanner.Plan(ExampleConfiguration.Create(), Facts with { CgroupJoinFiles = ["/cg/tasks"] });
        Assert.Equal(CloneFlags.None, plan.Namespaces & CloneFlags.NewCgroup);
        string[] purposes = [.. plan.Operations.Operations.Select(operation => operation.Purpose)];
        Assert.InRange(Array.IndexOf(purposes, "make a cgroup namespace"), Array.LastIndexOf(purposes, "join the cgroup") + 1, purposes.Length);
    }

    [Fact]
    public void the_runtime_lends_its_memory_only_to_a_child_that_executes_unseen_and_on_its_own()
    {
        RuntimeConfig config = ExampleConfiguration.Create();
        NamespaceSpec[] others = [.. config.Linux!.Namespaces.Where(space => space.Type != "pid")];
        RuntimeConfig With(params NamespaceSpec[] added) => config with
        {
            Linux = config.Linux with { Namespaces = [.. others, .. added], UidMappings = [new IdMapping { Size = 1 }], GidMappings = [new IdMapping { Size = 1 }] },
        };

        Assert.True(StartPlanner.Plan(config, Facts).MaySuspendRuntime);
        Assert.False(StartPlanner.Plan(config, Facts with { WaitForStart = true }).MaySuspendRuntime);
        Assert.False(StartPlanner.Plan(config with { Annotations = new Dictionary<string, string> { [RuntimeConfig.InitAnnotation] = "true" } }, Facts).MaySuspendRuntime);
        Assert.False(StartPlanner.Plan(With(), Facts).MaySuspendRuntime);
        Assert.False(StartPlanner.Plan(With(new NamespaceSpec { Type = "pid", Path = "/proc/1/ns/pid" }), Facts).MaySuspendRuntime);
        Assert.False(StartPlanner.Plan(With(new NamespaceSpec { Type = "pid" }, new NamespaceSpec { Type = "user" }), Facts).MaySuspendRuntime);
        Assert.False(ExecPlanner.Plan(config.Process!, CloneFlags.NewPid, Facts).MaySuspendRuntime);
    }

    [Fact]
    public void the_filter_is_loaded_last_with_no_new_privileges_and_before_capabilities_go_without()
    {
        RuntimeConfig config = ExampleConfiguration.Create();
        StartFacts facts = Facts with { SeccompFilter = new byte[8] };
        Assert.True(Index(config, SystemCall.Seccomp, facts) > Index(config, SystemCall.Capset, facts));
        config = config with { Process = config.Process! with { NoNewPrivileges = false } };
        Assert.True(Index(config, SystemCall.Seccomp, facts) < Index(config, SystemCall.Capset, facts));
    }

    [Fact]
    public void descriptors_of_the_host_are_closed_before_the_working_directory_is_entered()
    {
        RuntimeConfig config = ExampleConfiguration.Create();
        config = config with { Process = config.Process! with { Cwd = "/srv" } };
        Operation[] operations = [.. StartPlanner.Plan(config, Facts).Operations.Operations];
        int enter = Array.FindIndex(operations, operation => operation.Call == SystemCall.Chdir && operation.Path == "/srv");
        Assert.Equal([SystemCall.CloseRange, SystemCall.CloseRange], operations[(enter - 2)..enter].Select(operation => operation.Call));
    }

    [Fact]
    public void a_process_is_born_in_the_containers_pid_namespace_when_only_its_program_is_left_to_execute()
    {
        // CVE-2016-9962: whatever comes before is done where the container cannot see the process.
        ProcessSection process = ExampleConfiguration.Create().Process! with { Args = ["/bin/sh"] };
        StartPlan plan = ExecPlanner.Plan(process, CloneFlags.NewMount | CloneFlags.NewPid, Facts with { SeccompFilter = new byte[8] });
        Assert.True(plan.GoesOnInSibling);
        SystemCall[] calls = [.. plan.Operations.Operations.Select(operation => operation.Call)];
        Assert.Equal([SystemCall.Seccomp, SystemCall.GoOnInSibling, SystemCall.Setsid, SystemCall.Execve], calls[^4..]);
        Assert.All([SystemCall.Setns, SystemCall.CloseRange, SystemCall.Capset, SystemCall.Overwrite], call => Assert.Contains(call, calls));

        StartPlan shared = ExecPlanner.Plan(process, CloneFlags.NewMount, Facts);
        Assert.False(shared.GoesOnInSibling);
        Assert.DoesNotContain(shared.Operations.Operations, operation => operation.Call == SystemCall.GoOnInSibling);
    }

    [Fact]
    public void an_init_blocks_signals_before_it_is_left_behind_and_the_program_lets_them_in_again()
    {
        RuntimeConfig config = ExampleConfiguration.Create() with { Annotations = new Dictionary<string, string> { [RuntimeConfig.InitAnnotation] = "true" } };
        StartPlan plan = StartPlanner.Plan(config, Facts);
        SystemCall[] calls = [.. plan.Operations.Operations.Take(plan.ExecutionStart).Select(operation => operation.Call)];
        Assert.Equal([SystemCall.GoOnUnderInit, SystemCall.Sigprocmask, SystemCall.Setsid], calls[^3..]);
        Assert.Equal(2, calls.Count(call => call == SystemCall.Sigprocmask));
    }

    [Fact]
    public void every_jump_lands_in_the_list()
    {
        Operation[] operations = [.. StartPlanner.Plan(ExampleConfiguration.Create(), Facts).Operations.Operations];
        Assert.All(operations.Index(), item => Assert.True(item.Index + 1 + Math.Max(item.Item.SkipOnSuccess, item.Item.SkipOnTolerated) <= operations.Length));
    }

    [Fact]
    public void host_ids_outside_the_range_of_the_bounding_set_are_dropped_one_by_one()
    {
        Operation[] operations = [.. StartPlanner.Plan(ExampleConfiguration.Create(), Facts).Operations.Operations];
        Assert.Equal(41 - 14, operations.Count(operation => operation.Purpose.EndsWith("from the bounding set", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("mount", "no mount namespace")]
    [InlineData("uts", "no uts namespace")]
    public void a_namespace_that_is_needed_must_be_there(string type, string message)
    {
        RuntimeConfig config = ExampleConfiguration.Create();
        config = config with { Linux = config.Linux! with { Namespaces = [.. config.Linux.Namespaces.Where(space => space.Type != type)] } };
        Exception error = Assert.ThrowsAny<Exception>(() => StartPlanner.Plan(config, Facts));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/./b//c/..", "a/b")]
    [InlineData("/../../etc", "etc")]
    [InlineData("/", "")]
    public void destinations_are_cleaned_of_dots(string path, string expected) => Assert.Equal(expected, RootTree.Relative(path));

    [Fact]
    public void a_text_with_a_nul_is_refused()
    {
        RuntimeConfig config = ExampleConfiguration.Create() with { Hostname = "a\0b" };
        Assert.Throws<FormatException>(() => StartPlanner.Plan(config, Facts));
    }

    private static int Index(RuntimeConfig config, SystemCall call, StartFacts facts) =>
        StartPlanner.Plan(config, facts).Operations.Operations.TakeWhile(operation => operation.Call != call).Count();
}
