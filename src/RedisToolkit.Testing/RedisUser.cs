namespace RedisToolkit.Testing;

/// <summary>A user of the server's access control list.</summary>
/// <param name="Name">1 or more characters without white space; not <c>default</c>, whose password is <see cref="RedisServerOptions.Password"/>.</param>
/// <param name="Password">What the user signs in with; null for a user who needs none.</param>
/// <param name="Rules">Rules as in <c>ACL SETUSER</c>, for example <c>~app:* &amp;app:* +@all -@dangerous</c>.</param>
public sealed record RedisUser(string Name, string? Password, string Rules)
{
    /// <summary>Gives the user's name; the password stays out of logs.</summary>
    public override string ToString() => Name;
}
