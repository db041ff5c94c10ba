using System.Globalization;

namespace ContainerTools.Engine.Containers;

/// <summary>
/// Resolves <c>user[:group]</c> against the container's own <c>/etc/passwd</c> and <c>/etc/group</c> (passwd(5), group(5)). A number is always an id, also
/// when an entry of that name exists (CVE-2026-46680), and the files are read line by line to a limit (CVE-2026-47262).
/// </summary>
internal sealed class UserDatabase(Func<string, Stream?> open)
{
    private const int MaximumLines = 100_000;
    private const int MaximumLine = 64 * 1024;
    private const int MaximumLength = 32 << 20;

    /// <summary>Ids of a user as an image or a spec names it, with its home and its supplementary groups. Throws <c>UserNotFound</c>, <c>GroupNotFound</c>, <c>InvalidUser</c>.</summary>
    public ContainerUser Resolve(string user, IReadOnlyList<string> extraGroups)
    {
        var (userPart, groupPart) = Split(user);
        var entry = userPart.Length == 0 ? ById(0) : IsNumber(userPart) ? ById(Id(userPart, user)) : ByName(userPart);
        var uid = userPart.Length == 0 ? 0 : IsNumber(userPart) ? Id(userPart, user) : Id(entry?[2] ?? throw UserNotFound(userPart), user);
        var gid = groupPart is not null ? Group(groupPart) : entry is null ? 0 : Id(entry[3], user);
        var groups = new List<uint>();
        if (groupPart is null && entry is not null)
        {
            groups.AddRange(MembershipOf(entry[0]));
        }

        groups.AddRange(extraGroups.Select(Group));

        // The primary group is among the others too: a program that changes its group must not get around what is denied to the group (CVE-2023-25173).
        return new ContainerUser(uid, gid, [gid, .. groups.Where(group => group != gid).Distinct()], entry is [_, _, _, _, _, { Length: > 0 } home, ..] ? home : "/");
    }

    private static (string User, string? Group) Split(string user)
    {
        var parts = user.Split(':');
        return parts.Length switch
        {
            1 => (parts[0], null),
            2 when parts[1].Length > 0 => (parts[0], parts[1]),
            _ => throw Invalid(user),
        };
    }

    private uint Group(string group)
    {
        if (IsNumber(group))
        {
            return Id(group, group);
        }

        var entry = Lines("/etc/group", 3).FirstOrDefault(fields => fields[0] == group) ?? throw new ContainerToolsException(
            ErrorKind.NotFound, "GroupNotFound", $"The image has no group '{group}' in /etc/group.", group, "Give the group's number, or add the group to the image.");
        return Id(entry[2], group);
    }

    private string[]? ById(uint id) => Lines("/etc/passwd", 4).FirstOrDefault(fields => uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var uid) && uid == id);

    private string[]? ByName(string name) => Lines("/etc/passwd", 4).FirstOrDefault(fields => fields[0] == name);

    private IEnumerable<uint> MembershipOf(string name) => Lines("/etc/group", 4)
        .Where(fields => fields[3].Split(',').Contains(name) && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Select(fields => uint.Parse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture));

    private IEnumerable<string[]> Lines(string path, int fields)
    {
        if (open(path) is not { } file)
        {
            yield break;
        }

        using var reader = new StreamReader(file);
        var line = new System.Text.StringBuilder();
        var count = 0;
        var total = 0;
        for (var next = reader.Read(); ; next = reader.Read())
        {
            if (++total > MaximumLength)
            {
                yield break;
            }

            if (next is -1 or '\n')
            {
                var parts = line.ToString().Split(':');
                line.Clear();
                if (parts.Length >= fields)
                {
                    yield return parts;
                }

                if (next == -1 || ++count > MaximumLines)
                {
                    yield break;
                }
            }
            else if (line.Length < MaximumLine)
            {
                line.Append((char)next);
            }
        }
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    // 4294967295 is (uid_t)-1, which setresuid(2) takes as "leave it": it would stay root.
    private static uint Id(string text, string user) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= int.MaxValue ? id : throw Invalid(user);

    private static ContainerToolsException UserNotFound(string user) => new(
        ErrorKind.NotFound, "UserNotFound", $"The image has no user '{user}' in /etc/passwd.", user, "Give the user's number, or add the user to the image.");

    private static ContainerToolsException Invalid(string user) => new(
        ErrorKind.InvalidArgument,
        "InvalidUser",
        $"'{user}' is not a user: expected user[:group], each a name or a number up to 2147483647.",
        user,
        "Write for example 1000, 1000:1000, or www-data.");
}
