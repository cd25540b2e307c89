using System.Reflection;

namespace RedisToolkit.Conformance;

/// <summary>Finds what was forgotten: suites that a test project does not run, limits that no test shows.</summary>
public static class Completeness
{
    /// <summary>The suites of this library that have no class of their own in a test project.</summary>
    /// <param name="tests">The test project's assembly.</param>
    /// <returns>Their names; none is as it should be.</returns>
    public static IEnumerable<string> SuitesNotRunIn(Assembly tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        Type[] run = [.. tests.GetTypes().Where(type => !type.IsAbstract && type.IsPublic)];
        return Suites.Where(suite => !run.Any(suite.IsAssignableFrom)).Select(suite => suite.Name);
    }

    /// <summary>The limits that no test shows.</summary>
    /// <returns>None is as it should be.</returns>
    public static IEnumerable<Limit> LimitsNotShown() => Enum.GetValues<Limit>().Except(
        from suite in Suites
        from method in suite.GetMethods(BindingFlags.Public | BindingFlags.Instance)
        from limited in method.GetCustomAttributes<LimitedAttribute>()
        select limited.Limit);

    private static IEnumerable<Type> Suites => typeof(ConformanceTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ConformanceTests)));
}
