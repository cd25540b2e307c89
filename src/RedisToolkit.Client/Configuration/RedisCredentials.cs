using System.Text;

namespace RedisToolkit.Client;

/// <summary>What a connection signs in with. Its text masks the password.</summary>
/// <param name="User">The ACL user; null for the server's user <c>default</c>.</param>
/// <param name="Password">The password or token.</param>
/// <param name="RefreshAfter">
/// After this long the provider is asked again and every live connection signs in anew: 1 s to 30 days; null for never.
/// Give less than the token's life, so that there is time to fetch the next one.
/// </param>
public readonly record struct RedisCredentials(string? User, string Password, TimeSpan? RefreshAfter = null)
{
    /// <summary>Checks what a provider answered, before any of it is sent.</summary>
    internal RedisCredentials Validated()
    {
        var faults = new OptionFaults();
        if (Password is null) faults.Add($"Password is null; allowed is any text, also an empty one");
        if (User is "") faults.Add($"User is empty; allowed is a name, or null for the server's user 'default'");
        if (RefreshAfter is { } after) faults.InRange(after, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), nameof(RefreshAfter));
        faults.ThrowIfAny("What the IRedisCredentialsProvider answered");
        return this;
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("User = ").Append(User ?? "default").Append(", Password = ***");
        if (RefreshAfter is { } after) builder.Append(", RefreshAfter = ").Append(OptionFaults.Text(after));
        return true;
    }
}
