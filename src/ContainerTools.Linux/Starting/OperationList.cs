namespace ContainerTools.Linux.Starting;

/// <summary>
/// What a child does between clone and exec, as data: built by planners, printed and compared by tests, and compiled to unmanaged memory by
/// <see cref="OperationProgram"/>. Results of calls go to slots that later operations take as arguments.
/// </summary>
public sealed class OperationList
{
    private readonly List<Operation> _operations = [];
    private readonly List<long> _initialValues = [.. Enumerable.Repeat(-1L, PresetSlot.Count)];

    /// <summary>The operations, in order.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>Slots in use.</summary>
    public int SlotCount => _initialValues.Count;

    /// <summary>Value of each slot before the first operation.</summary>
    public IReadOnlyList<long> InitialValues => _initialValues;

    /// <summary>Takes a new slot.</summary>
    public int NewSlot(long initialValue = -1)
    {
        _initialValues.Add(initialValue);
        return _initialValues.Count - 1;
    }

    /// <summary>Adds a call.</summary>
    /// <param name="purpose">Subject of the error sentence.</param>
    /// <param name="path">Path it is about, or null.</param>
    /// <param name="call">The call.</param>
    /// <param name="arguments">Its arguments.</param>
    public Operation Add(string purpose, string? path, SystemCall call, params IReadOnlyList<Operand> arguments) =>
        Append(new Operation { Call = call, Arguments = arguments, Purpose = purpose, Path = path });

    /// <summary>Adds a call whose result goes to a new slot, and returns the slot.</summary>
    public int AddWithResult(string purpose, string? path, SystemCall call, params IReadOnlyList<Operand> arguments)
    {
        int slot = NewSlot();
        Append(new Operation { Call = call, Arguments = arguments, Purpose = purpose, Path = path, Result = slot });
        return slot;
    }

    /// <summary>Adds a call some of whose errors are no failure.</summary>
    public Operation AddTolerant(string purpose, string? path, IReadOnlyList<int> tolerated, SystemCall call, params IReadOnlyList<Operand> arguments) =>
        Append(new Operation { Call = call, Arguments = arguments, Purpose = purpose, Path = path, Tolerated = tolerated });

    /// <summary>Adds a comparison of scratch memory: fails with <paramref name="errno"/> unless (value &amp; mask) is <paramref name="expected"/>.</summary>
    /// <param name="purpose">Subject of the error sentence.</param>
    /// <param name="path">Path it is about, or null.</param>
    /// <param name="offset">Offset in the scratch memory of a 64-bit value.</param>
    /// <param name="mask">Bits compared.</param>
    /// <param name="expected">Value they must have.</param>
    /// <param name="errno">Error when they have not.</param>
    public Operation Check(string purpose, string? path, int offset, long mask, long expected, int errno) =>
        Add(purpose, path, SystemCall.Check, Operand.Scratch(offset), mask, expected, errno);

    /// <summary>Adds the steps that take from the child's memory what it knows of the host, for as long as it is to be seen in a container.</summary>
    /// <param name="purpose">Subject of the error sentence.</param>
    /// <param name="memory">The memory; it is the parent's, which the child has a copy of.</param>
    /// <param name="name">Takes the place of the command line.</param>
    public void ForgetHost(string purpose, OwnMemory memory, string name)
    {
        const int dontNeed = 4;
        Add(purpose, null, SystemCall.Overwrite, (long)memory.ArgumentsStart, memory.ArgumentsLength, name);
        if (memory.HeapLength > 0)
        {
            Add(purpose, null, SystemCall.Madvise, (long)memory.HeapStart, memory.HeapLength, dontNeed);
        }
    }

    /// <summary>
    /// Adds the step after which a child of this process goes on with the list, while this process stays behind as its init: it closes its descriptors,
    /// reaps what is orphaned, passes signals on to the child, and ends with the child's exit code (128 + n after signal n). All signals must be blocked before.
    /// </summary>
    /// <param name="purpose">Subject of the error sentence.</param>
    /// <param name="capabilities">What the init keeps, permitted and effective; null for what it has.</param>
    public Operation GoOnUnderInit(string purpose, ulong? capabilities) =>
        Add(purpose, null, SystemCall.GoOnUnderInit, Operand.Bytes(ContainerInitData.Create(capabilities)));

    /// <summary>
    /// Adds the step after which another child of the parent goes on with the list; this process reports <see cref="ChildReport.WentOn"/> and ends.
    /// What it has done to itself up to here it did unseen by the pid namespace that its children are born in.
    /// </summary>
    public Operation GoOnInSibling(string purpose) =>
        Add(purpose, null, SystemCall.GoOnInSibling, SystemCallNumber.Of(SystemCall.Clone), SystemCallNumber.Of(SystemCall.Write), SystemCallNumber.Of(SystemCall.ExitGroup));

    /// <summary>Adds an operation.</summary>
    public Operation Append(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.Arguments.Count > 6 || operation.Tolerated.Count > 4)
        {
            throw new ArgumentException("An operation has six arguments and four tolerated errors at most.", nameof(operation));
        }

        _operations.Add(operation);
        return operation;
    }

    /// <summary>Makes an operation go to the end of the list as it is now after success.</summary>
    public void SkipHereOnSuccess(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        operation.SkipOnSuccess = Distance(operation);
    }

    /// <summary>Makes an operation go to the end of the list as it is now after a tolerated error.</summary>
    public void SkipHereOnTolerated(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        operation.SkipOnTolerated = Distance(operation);
    }

    /// <summary>The list, one operation a line.</summary>
    public override string ToString() => string.Join('\n', _operations.Select((operation, index) => $"{index,4} {operation}"));

    private int Distance(Operation operation)
    {
        int index = _operations.FindLastIndex(candidate => ReferenceEquals(candidate, operation));
        return _operations.Count - index - 1;
    }
}
