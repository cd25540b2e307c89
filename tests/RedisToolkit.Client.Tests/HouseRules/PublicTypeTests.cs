using System.Reflection;
using System.Runtime.CompilerServices;

namespace RedisToolkit.Client.Tests.HouseRules;

/// <summary>What holds for every public type and member.</summary>
public sealed class PublicTypeTests
{
    // The client calls these and always has a token to give.
    private static readonly Type[] UsersImplement = [typeof(IRedisCredentialsProvider)];

    // Starts and torments servers within bounds of its own; the token of a test's framework is not asked for.
    private static readonly Assembly ForTests = typeof(Testing.RedisServer).Assembly;

    [Fact]
    public void There_are_types_to_look_at()
    {
        Assert.Contains(typeof(RedisClient).Assembly, House.Assemblies);
        Assert.Contains(typeof(Testing.RedisServer).Assembly, House.Assemblies);
        Assert.Contains(typeof(RedisClient), House.PublicTypes);
        Assert.Contains(House.PublicMethods, method => method.Name == nameof(IRedisClient.ExecuteAsync));
        Assert.Contains(House.SourceFiles, file => file.EndsWith("RedisClient.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void A_public_class_is_sealed_unless_abstract_or_static() =>
        House.None(House.PublicTypes.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }).Select(type => type.FullName));

    [Fact]
    public void A_public_type_is_in_the_namespace_of_its_package() =>
        House.None(House.PublicTypes.Where(type => type.Namespace != type.Assembly.GetName().Name).Select(type => type.FullName));

    [Fact]
    public void A_cancellation_token_comes_last_is_named_so_and_may_be_left_out()
    {
        IEnumerable<string> faults =
            from method in House.PublicMethods
            where !House.IsGivenByOthers(method) && !UsersImplement.Contains(method.DeclaringType!)
            let parameters = method.GetParameters()
            from token in parameters
            where token.ParameterType == typeof(CancellationToken)
            where token.Position != parameters.Length - 1 || token.Name != "cancellationToken" || !token.HasDefaultValue
            select House.Name(method);
        House.None(faults);
    }

    [Fact]
    public void What_is_awaited_ends_with_Async_and_nothing_else_does() =>
        House.None(House.PublicMethods.Where(method => IsAwaited(method.ReturnType) != method.Name.EndsWith("Async", StringComparison.Ordinal)).Select(House.Name));

    [Fact]
    public void What_waits_takes_a_cancellation_token()
    {
        IEnumerable<string> faults =
            from method in House.PublicMethods
            where method.DeclaringType!.Assembly != ForTests
            where IsAwaited(method.ReturnType) && method.Name != nameof(IAsyncDisposable.DisposeAsync) && !House.IsGivenByOthers(method)
            where method.GetParameters().All(parameter => parameter.ParameterType != typeof(CancellationToken))
            select House.Name(method);
        House.None(faults);
    }

    [Fact]
    public void There_is_no_public_field_but_constants() =>
        House.None(
            from type in House.PublicTypes
            where !type.IsEnum
            from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where !field.IsLiteral
            select $"{type.Name}.{field.Name}");

    [Fact]
    public void What_a_property_says_is_set_when_the_object_is_made_or_never() =>
        House.None(
            from type in House.PublicTypes
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where property.SetMethod is { } setter && House.IsVisible(setter) && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
            select $"{type.Name}.{property.Name}");

    [Fact]
    public void An_options_type_is_a_sealed_record() =>
        House.None(House.PublicTypes
            .Where(type => type is { IsClass: true } && type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Where(type => !type.IsSealed || type.GetMethod("<Clone>$") is null)
            .Select(type => type.FullName));

    [Fact]
    public void A_public_exception_is_one_of_ours_or_of_bad_input()
    {
        // What goes wrong around a server for tests is no matter between a client and a server, and that package knows no client.
        House.None(House.PublicTypes
            .Where(type => type.Assembly != ForTests && type.IsSubclassOf(typeof(Exception)))
            .Where(type => !type.IsAssignableTo(typeof(RedisException)) && !type.IsSubclassOf(typeof(ArgumentException)))
            .Select(type => type.FullName));
    }

    [Fact]
    public void There_are_no_nested_public_types_and_no_async_void()
    {
        House.None(House.PublicTypes.Where(type => type.IsNestedPublic).Select(type => type.FullName));
        IEnumerable<string> faults =
            from assembly in House.Assemblies
            from type in assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false)
            select House.Name(method);
        House.None(faults);
    }

    private static bool IsAwaited(Type type)
    {
        if (type == typeof(Task) || type == typeof(ValueTask)) return true;
        if (!type.IsGenericType) return false;
        Type open = type.GetGenericTypeDefinition();
        return open == typeof(Task<>) || open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>);
    }
}
