namespace RedisToolkit.StackExchangeRedis.Tests;

internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RedisToolkit.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run from within the repository: no folder above them holds RedisToolkit.sln.");
    }
}
