using System.Reflection;
using System.Runtime.CompilerServices;

namespace RedisToolkit.Client.Tests.HouseRules;

/// <summary>What the house rules are held against: every assembly and every source file of <c>src</c>.</summary>
internal static class House
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The assemblies of all projects in <c>src</c> that programs use; generators are the compiler's. One that cannot be loaded here is to be referenced by this test project.</summary>
    public static Assembly[] Assemblies { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Where(project => !File.ReadAllText(project).Contains("<IsRoslynComponent>true", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).Order().Select(name => Assembly.Load(name!))];

    public static Type[] PublicTypes { get; } = [.. Assemblies.SelectMany(assembly => assembly.GetExportedTypes())];

    /// <summary>Methods that users see, except what the compiler wrote.</summary>
    public static MethodInfo[] PublicMethods { get; } =
        [.. PublicTypes.SelectMany(type => type.GetMethods(Declared)).Where(method => IsVisible(method) && !IsGenerated(method) && !method.IsSpecialName)];

    /// <summary>The source files of <c>src</c>, without what the build made.</summary>
    public static string[] SourceFiles { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories).Where(file => !IsBuilt(Path.GetRelativePath(Root, file))).Order(StringComparer.Ordinal)];

    public static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    public static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    /// <summary>Whether a base class or an interface of somebody else's says what the method looks like.</summary>
    public static bool IsGivenByOthers(MethodInfo method)
    {
        if (method.GetBaseDefinition() is { } origin && origin.DeclaringType != method.DeclaringType) return true;
        Type type = method.DeclaringType!;
        if (type.IsInterface) return false;
        return type.GetInterfaces()
            .Where(implemented => !Assemblies.Contains(implemented.Assembly))
            .Any(implemented => type.GetInterfaceMap(implemented).TargetMethods.Contains(method));
    }

    /// <summary>Fails with all faults that were found, each in full.</summary>
    public static void None(IEnumerable<string?> faults)
    {
        string?[] all = [.. faults];
        Assert.True(all.Length == 0, "Against the house rules:\n" + string.Join('\n', all));
    }

    public static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static bool IsBuilt(string path) => path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RedisToolkit.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run from within the repository: no folder above them holds RedisToolkit.sln.");
    }
}
