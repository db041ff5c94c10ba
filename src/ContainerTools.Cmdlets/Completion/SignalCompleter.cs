using System.Collections;

namespace ContainerTools.Cmdlets;

/// <summary>Completes names of signals (signal(7)).</summary>
public sealed class SignalCompleter : CompleterBase
{
    private static readonly (string Text, string Hint)[] Signals =
    [
        ("SIGTERM", "15: end, please"), ("SIGKILL", "9: end at once"), ("SIGINT", "2: interrupt, as Ctrl-C"), ("SIGHUP", "1: hang-up, often reload"),
        ("SIGQUIT", "3: quit, often with a dump"), ("SIGUSR1", "10: the program's own"), ("SIGUSR2", "12: the program's own"),
        ("SIGSTOP", "19: stop"), ("SIGCONT", "18: go on"), ("SIGWINCH", "28: window size changed"), ("SIGALRM", "14: timer"),
        ("SIGABRT", "6: abort"), ("SIGPIPE", "13: broken pipe"), ("SIGTSTP", "20: stop from the terminal"), ("SIGCHLD", "17: a child ended"),
    ];

    private protected override IEnumerable<(string Text, string Hint)> Candidates(IDictionary bound) => Signals;
}
