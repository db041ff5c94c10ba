using ContainerTools.Engine.Build.Dockerfiles;

namespace ContainerTools.Engine.Tests.Build;

public class DockerfileParserTests
{
    private static Dockerfile Parse(string text) => DockerfileParser.Parse("Dockerfile", text);

    private static T Only<T>(string instruction)
        where T : Instruction => Assert.IsType<T>(Assert.Single(Parse("FROM scratch\n" + instruction).Stages[0].Instructions));

    [Fact]
    public void Stages_keep_names_lines_and_instructions()
    {
        var file = Parse("""
            # a comment
            ARG BASE=base

            FROM $BASE AS Build
            RUN one \
              two
              # comment inside
            run three
            FROM --platform=linux/amd64 scratch
            COPY --from=build /a /b
            """);
        Assert.Equal([4, 9], file.Stages.Select(stage => stage.From.Line));
        Assert.Equal(["build", "1"], file.Stages.Select(stage => stage.DisplayName));
        Assert.Equal("linux/amd64", file.Stages[1].From.Platform);
        Assert.Equal([5, 8], file.Stages[0].Instructions.Select(instruction => instruction.Line));
        Assert.Equal("one   two", Assert.IsType<RunInstruction>(file.Stages[0].Instructions[0]).Command.ShellText);
        Assert.Equal("BASE", file.GlobalArguments[0].Arguments[0].Key);
        Assert.Equal("build", Assert.IsType<CopyInstruction>(file.Stages[1].Instructions[0]).From);
    }

    [Theory]
    [InlineData("RUN a \\\n b", "a  b")]
    [InlineData("RUN a \\  \n b", "a  b")]
    [InlineData("RUN a\\\nb", "ab")]
    [InlineData("RUN a \\\n# comment\n  && b", "a   && b")]
    [InlineData("RUN a \\\n\n  && b", "a   && b")]
    [InlineData("RUN a \\\\\nENV A=b", "a \\\\")]
    [InlineData("RUN echo # no comment", "echo # no comment")]
    [InlineData("   RUN   a  b  ", "a  b")]
    [InlineData("RUN a\r\n", "a")]
    [InlineData("RUN a \\\r\n b\r\n", "a  b")]
    public void Continuations_join_lines(string text, string expected) =>
        Assert.Equal(expected, Assert.IsType<RunInstruction>(Parse("FROM scratch\n" + text).Stages[0].Instructions[0]).Command.ShellText);

    [Fact]
    public void The_escape_directive_frees_the_backslash()
    {
        var file = Parse("# escape=`\nFROM scratch\nRUN dir C:\\\nRUN a `\n b\n");
        Assert.Equal(["dir C:\\", "a  b"], file.Stages[0].Instructions.Cast<RunInstruction>().Select(run => run.Command.ShellText));
    }

    [Fact]
    public void A_directive_after_a_comment_is_a_comment()
    {
        var file = Parse("# hello\n# escape=`\nFROM scratch\nRUN a \\\n b\n");
        Assert.Equal("a  b", Assert.IsType<RunInstruction>(file.Stages[0].Instructions[0]).Command.ShellText);
    }

    [Fact]
    public void The_syntax_directive_warns() => Assert.Contains("Dockerfile:1: the syntax directive 'docker/dockerfile:1'", Parse("# syntax=docker/dockerfile:1\nFROM scratch").Warnings[0]);

    [Theory]
    [InlineData("RUN <<EOF\necho a\n# kept\nEOF\n", "EOF", true, "echo a\n# kept\n")]
    [InlineData("RUN <<\"EOF\"\n$x\nEOF", "EOF", false, "$x\n")]
    [InlineData("RUN <<'EOF'\n$x\nEOF", "EOF", false, "$x\n")]
    [InlineData("RUN <<-EOF\n\t\techo a\n\tEOF\n", "EOF", true, "echo a\n")]
    [InlineData("RUN python3 <<X\nprint(1)\n\nX\n", "X", true, "print(1)\n\n")]
    [InlineData("RUN a && \\\n  cat <<X\nRUN b \\\nX\n", "X", true, "RUN b \\\n")]
    [InlineData("RUN 3<<X cat\nb\nX\n", "X", true, "b\n")]
    public void Here_documents_of_RUN_keep_their_lines(string text, string name, bool expand, string content)
    {
        var document = Assert.Single(Only<RunInstruction>(text).HereDocuments);
        Assert.Equal((name, expand, content), (document.Name, document.Expand, document.Content));
    }

    [Theory]
    [InlineData("RUN echo '<<EOF'")]
    [InlineData("RUN echo \"a <<EOF\"")]
    [InlineData("RUN cat <<<word")]
    [InlineData("RUN echo $((1<<3))")]
    [InlineData("ENV A=<<EOF")]
    public void What_only_looks_like_a_here_document_is_none(string text)
    {
        var instruction = Assert.Single(Parse("FROM scratch\n" + text + "\n").Stages[0].Instructions);
        Assert.Equal(2, instruction.Line);
        Assert.True(instruction is not RunInstruction run || run.HereDocuments.Count == 0);
    }

    [Fact]
    public void COPY_takes_several_here_documents()
    {
        var copy = Only<CopyInstruction>("COPY <<a.txt <<\"b.txt\" real.txt /dst/\none\na.txt\ntwo $x\nb.txt\n");
        Assert.Equal([("a.txt", "one\n", true), ("b.txt", "two $x\n", false)], copy.Files.Select(file => (file.Name, file.Content, file.Expand)));
        Assert.Equal(("real.txt", "/dst/"), (Assert.Single(copy.Sources), copy.Destination));
    }

    [Theory]
    [InlineData("COPY a b /c/", "a,b", "/c/")]
    [InlineData("COPY [\"a b\", \"/c d\"]", "a b", "/c d")]
    [InlineData("COPY \"a b\" /c", "\"a b\"", "/c")]
    [InlineData("COPY $x/* ./", "$x/*", "./")]
    [InlineData("ADD a.tar /", "a.tar", "/")]
    public void COPY_sources_and_destination(string text, string sources, string destination)
    {
        var copy = Only<CopyInstruction>(text);
        Assert.Equal((sources, destination), (string.Join(',', copy.Sources), copy.Destination));
        Assert.Equal(text.StartsWith("ADD", StringComparison.Ordinal), copy.Extract);
    }

    [Fact]
    public void COPY_flags()
    {
        var copy = Only<CopyInstruction>("COPY --from=img:1 --chown=a:b --chmod=0755 --link --parents --exclude=*.md --exclude=\"x y\" s /d");
        Assert.Equal(("img:1", "a:b", "0755", true), (copy.From, copy.Chown, copy.Chmod, copy.Parents));
        Assert.Equal(["*.md", "x y"], copy.Excludes);
    }

    [Theory]
    [InlineData("ENV a=b", "a=b")]
    [InlineData("ENV a=b c=\"d e\" f='g h' i=j\\ k", "a=b|c=\"d e\"|f='g h'|i=j\\ k")]
    [InlineData("ENV a b c", "a=b c")]
    [InlineData("ENV a \"b c\"", "a=\"b c\"")]
    [InlineData("ENV a=", "a=")]
    [InlineData("ENV a=b=c", "a=b=c")]
    [InlineData("ENV a=$b${c:-d}", "a=$b${c:-d}")]
    public void ENV_pairs(string text, string expected) => Assert.Equal(expected, string.Join('|', Only<EnvInstruction>(text).Pairs.Select(pair => $"{pair.Key}={pair.Value}")));

    [Theory]
    [InlineData("LABEL a.b-c/d=e \"k k\"=v", "a.b-c/d=e|\"k k\"=v")]
    public void LABEL_pairs(string text, string expected) => Assert.Equal(expected, string.Join('|', Only<LabelInstruction>(text).Pairs.Select(pair => $"{pair.Key}={pair.Value}")));

    [Theory]
    [InlineData("ARG a", "a:")]
    [InlineData("ARG a=b c d=\"e f\"", "a:b|c:|d:\"e f\"")]
    public void ARG_names(string text, string expected) => Assert.Equal(expected, string.Join('|', Only<ArgInstruction>(text).Arguments.Select(pair => $"{pair.Key}:{pair.Value}")));

    [Theory]
    [InlineData("CMD [\"a\", \"b c\"]", "a|b c", null)]
    [InlineData("CMD []", "", null)]
    [InlineData("CMD a b", null, "a b")]
    [InlineData("CMD ['a']", null, "['a']")]
    [InlineData("CMD [ -f x ] && y", null, "[ -f x ] && y")]
    [InlineData("CMD --flag", null, "--flag")]
    public void CMD_forms(string text, string? words, string? shell)
    {
        var command = Only<CmdInstruction>(text).Command;
        Assert.Equal((words, shell), (command.Words is null ? null : string.Join('|', command.Words), command.ShellText));
    }

    [Fact]
    public void A_failed_exec_form_warns() => Assert.Contains("Dockerfile:2: CMD looks like the exec form", Assert.Single(Parse("FROM scratch\nCMD ['a']").Warnings));

    [Fact]
    public void HEALTHCHECK_options()
    {
        var check = Only<HealthcheckInstruction>("HEALTHCHECK --interval=1m30s --timeout=3s --start-period=0s --start-interval=500ms --retries=5 CMD curl -f x");
        Assert.Equal("curl -f x", check.Command!.ShellText);
        Assert.Equal(
            (TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(3), null, TimeSpan.FromMilliseconds(500), 5),
            (check.Interval!.Value, check.Timeout!.Value, check.StartPeriod, check.StartInterval!.Value, check.Retries!.Value));
        Assert.Null(Only<HealthcheckInstruction>("HEALTHCHECK NONE").Command);
    }

    [Fact]
    public void RUN_mounts()
    {
        var run = Only<RunInstruction>("RUN --mount=type=cache,target=/c,id=x,sharing=locked,mode=0700,uid=5 --mount=target=/s,src=sub,from=build --mount=type=tmpfs,dst=/t,size=1m --network=none make");
        Assert.Equal("make", run.Command.ShellText);
        Assert.Equal("none", run.Network);
        Assert.Equal(
            [
                new RunMount { Type = "cache", Target = "/c", Id = "x", Sharing = "locked", Mode = Convert.ToInt32("700", 8), UserId = 5 },
                new RunMount { Type = "bind", Target = "/s", Source = "sub", From = "build", ReadOnly = true },
                new RunMount { Type = "tmpfs", Target = "/t", Size = "1m" },
            ],
            run.Mounts);
    }

    [Fact]
    public void ONBUILD_keeps_its_trigger()
    {
        var trigger = Only<OnbuildInstruction>("ONBUILD COPY <<f /x\n$a\nf\n").Trigger;
        var copy = Assert.IsType<CopyInstruction>(DockerfileParser.ParseTrigger("base", 7, trigger));
        Assert.Equal((7, "$a\n"), (copy.Line, copy.Files[0].Content));
    }

    [Theory]
    [InlineData("FRM scratch", 1, "'FRM'", "did you mean FROM?")]
    [InlineData("FROM scratch\nCPOY a b", 2, "'CPOY'", "did you mean COPY?")]
    [InlineData("FROM scratch\n\n# x\nfoo bar", 4, "'FOO'", "expected an instruction")]
    [InlineData("RUN a", 1, "'RUN'", "expected FROM")]
    [InlineData("ARG a=b", 1, "end of file", "expected a FROM")]
    [InlineData("", 1, "end of file", "expected a FROM")]
    [InlineData("# only\n\n", 1, "end of file", "expected a FROM")]
    [InlineData("FROM", 1, "end of line after FROM", "expected arguments")]
    [InlineData("FROM a b", 1, "'b'", "expected the end of the line, or AS")]
    [InlineData("FROM a is b", 1, "'is'", "expected AS")]
    [InlineData("FROM a AS 1b", 1, "'1b'", "expected a letter")]
    [InlineData("FROM a AS b c", 1, "'AS'", "expected the end")]
    [InlineData("FROM --platfrom=x a", 1, "'--platfrom'", "did you mean --platform?")]
    [InlineData("FROM scratch\nCOPY a", 2, "end of line after COPY", "destination")]
    [InlineData("FROM scratch\nCOPY --form=x a b", 2, "'--form'", "did you mean --from?")]
    [InlineData("FROM scratch\nCOPY --chown a b", 2, "'--chown'", "--chown=VALUE")]
    [InlineData("FROM scratch\nCOPY --from=$x a b", 2, "'$x'", "expected a stage")]
    [InlineData("FROM scratch\nENV a=b c", 2, "'c'", "expected NAME=value")]
    [InlineData("FROM scratch\nENV a", 2, "'a'", "expected NAME=value")]
    [InlineData("FROM scratch\nENV =b", 2, "'=b'", "expected NAME=value")]
    [InlineData("FROM scratch\nENV", 2, "end of line after ENV", "expected")]
    [InlineData("FROM scratch\nARG 1=2", 2, "'1=2'", "expected NAME")]
    [InlineData("FROM scratch\nSHELL sh -c", 2, "'sh'", "expected a JSON array")]
    [InlineData("FROM scratch\nSHELL []", 2, "'[]'", "expected a JSON array")]
    [InlineData("FROM scratch\nUSER a b", 2, "'b'", "expected the end of the line")]
    [InlineData("FROM scratch\nSTOPSIGNAL a b", 2, "'b'", "expected the end of the line")]
    [InlineData("FROM scratch\nHEALTHCHECK curl", 2, "'curl'", "expected CMD or NONE")]
    [InlineData("FROM scratch\nHEALTHCHECK --interval=x CMD a", 2, "'x'", "30s")]
    [InlineData("FROM scratch\nHEALTHCHECK CMD", 2, "end of line", "expected a command")]
    [InlineData("FROM scratch\nONBUILD ONBUILD RUN a", 2, "'ONBUILD'", "expected another instruction")]
    [InlineData("FROM scratch\nONBUILD FROM a", 2, "'FROM'", "expected another instruction")]
    [InlineData("FROM scratch\nONBUILD RNU a", 2, "'RNU'", "did you mean RUN?")]
    [InlineData("FROM scratch\nRUN --mount=type=cache a", 2, "--mount=type=cache", "expected target=PATH")]
    [InlineData("FROM scratch\nRUN --mount=type=nfs,target=/a b", 2, "'nfs'", "expected bind, cache, secret or tmpfs")]
    [InlineData("FROM scratch\nRUN --mount=target=/a,propagation=shared b", 2, "'propagation'", "not an option")]
    [InlineData("FROM scratch\nRUN --mount=type=cache,target=/a,source=../.. b", 2, "'source'", "not an option")]
    [InlineData("FROM scratch\nRUN --mount=type=secret,target=/a,source=/etc/shadow b", 2, "'source'", "not an option")]
    [InlineData("FROM scratch\nRUN --mount=type=secret a", 2, "--mount=type=secret", "expected id=NAME")]
    [InlineData("FROM scratch\nRUN --mount=target=/a,bind-propagation=shared b", 2, "'bind-propagation'", "not an option")]
    [InlineData("FROM scratch\nRUN --network=bridge a", 2, "'bridge'", "expected none, host")]
    [InlineData("FROM scratch\nRUN --mount=target=/a", 2, "end of line after RUN", "expected a command")]
    [InlineData("FROM scratch\nRUN <<EOF\nabc", 2, "'<<EOF'", "expected a line 'EOF'")]
    [InlineData("FROM scratch\nWORKDIR --x /a", 2, "'--x'", "expected no flag")]
    [InlineData("# escape=x\nFROM scratch", 1, "'x'", "expected '\\' or '`'")]
    [InlineData("# escape=`\n# escape=`\nFROM scratch", 2, "'escape'", "expected it once")]
    [InlineData("FROM scratch\nRUN a\0b", 2, "NUL", "expected text")]
    public void A_syntax_error_names_the_line_the_token_and_what_was_expected(string text, int line, string token, string expected)
    {
        var error = Assert.Throws<ContainerToolsException>(() => Parse(text));
        Assert.Equal((ErrorKind.InvalidArgument, "DockerfileSyntax"), (error.Kind, error.Code));
        Assert.StartsWith($"Dockerfile:{line}: ", error.Message);
        Assert.Contains(token, error.Message);
        Assert.Contains(expected, error.Message);
        Assert.NotNull(error.RecommendedAction);
    }

    [Theory]
    [InlineData("ADD https://example.org/a /b", "https://example.org/a")]
    [InlineData("ADD git@example.org:a.git /b", "git@example.org:a.git")]
    [InlineData("RUN --mount=type=ssh,id=x a", "type=ssh")]
    [InlineData("RUN --mount=type=ssh a", "type=ssh")]
    [InlineData("RUN --security=insecure a", "more rights")]
    public void What_the_engine_does_not_do_is_refused_with_its_line(string instruction, string part)
    {
        var error = Assert.Throws<ContainerToolsException>(() => Parse("FROM scratch\n" + instruction));
        Assert.Equal(ErrorKind.NotSupported, error.Kind);
        Assert.StartsWith("Dockerfile:2: ", error.Message);
        Assert.Contains(part, error.Message);
    }
}
