using System.Globalization;
using System.Reflection;
using System.Text;

namespace RedisToolkit.Client.Tests.HouseRules;

/// <summary>Writes down what an assembly offers, one line for each type and member, in an order that does not change.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Declaration(type)).Append('\n');
            foreach (string member in Members(type).Order(StringComparer.Ordinal)) text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Declaration(Type type)
    {
        if (type.IsEnum) return $"enum {type.FullName}";
        if (type.IsSubclassOf(typeof(Delegate))) return $"delegate {TypeNames.Of(type)} = {Method(type.GetMethod("Invoke")!)}";
        string kind =
            type.IsInterface ? "interface" :
            type.IsValueType ? (type.IsByRefLike ? "ref struct" : "struct") :
            type.IsAbstract && type.IsSealed ? "static class" :
            type.IsAbstract ? "abstract class" :
            type.IsSealed ? "sealed class" : "class";
        string[] bases = [.. Bases(type).Select(TypeNames.Of).Order(StringComparer.Ordinal)];
        return $"{kind} {TypeNames.Of(type)}{(bases.Length == 0 ? string.Empty : " : " + string.Join(", ", bases))}";
    }

    private static IEnumerable<Type> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)) yield return parent;
        foreach (Type implemented in type.GetInterfaces().Where(i => i.IsVisible && !(type.BaseType?.GetInterfaces().Contains(i) ?? false))) yield return implemented;
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate))) yield break;
        if (type.IsEnum)
        {
            foreach (string name in Enum.GetNames(type)) yield return string.Create(CultureInfo.InvariantCulture, $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");
            yield break;
        }

        foreach (FieldInfo field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily))
            yield return $"{(field.IsLiteral ? "const" : "field")} {TypeNames.Of(field.FieldType)} {field.Name}{(field.IsLiteral ? " = " + Literal(field.GetRawConstantValue()) : string.Empty)}";
        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(House.IsVisible)) yield return $"new({Parameters(constructor)})";
        foreach (PropertyInfo property in type.GetProperties(Declared).Where(IsVisible)) yield return Property(property);
        foreach (EventInfo happening in type.GetEvents(Declared).Where(happening => House.IsVisible(happening.AddMethod!))) yield return $"event {TypeNames.Of(happening.EventHandlerType!)} {happening.Name}";
        foreach (MethodInfo method in type.GetMethods(Declared).Where(method => House.IsVisible(method) && !House.IsGenerated(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))))
            yield return Method(method);
    }

    private static bool IsVisible(PropertyInfo property) => !House.IsGenerated(property) && property.GetAccessors(nonPublic: true).Any(House.IsVisible);

    private static string Property(PropertyInfo property)
    {
        string modifiers = Modifiers((property.GetMethod ?? property.SetMethod)!);
        string type = TypeNames.Of(property.PropertyType, Nullability.Create(property));
        bool settable = property.SetMethod is { } setter && House.IsVisible(setter);
        string required = property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)) ? "required " : string.Empty;
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : string.Empty;
        return $"{required}{modifiers}{type} {property.Name}{index} {{ {(property.GetMethod is { } getter && House.IsVisible(getter) ? "get; " : string.Empty)}{(settable ? "init; " : string.Empty)}}}";
    }

    private static string Method(MethodInfo method)
    {
        string generics = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : string.Empty;
        string extension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute)) ? "this " : string.Empty;
        return $"{Modifiers(method)}{TypeNames.Of(method.ReturnType, Nullability.Create(method.ReturnParameter))} {method.Name}{generics}({extension}{Parameters(method)})";
    }

    private static string Modifiers(MethodInfo method) =>
        (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : string.Empty) +
        (method.IsStatic ? "static " : string.Empty) +
        (method.DeclaringType!.IsInterface ? string.Empty :
            method.IsAbstract ? "abstract " :
            method.GetBaseDefinition() != method ? "override " :
            method is { IsVirtual: true, IsFinal: false } ? "virtual " : string.Empty);

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string way = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ") : string.Empty;
        bool many = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(System.Runtime.CompilerServices.ParamCollectionAttribute));
        string standard = parameter.HasDefaultValue ? " = " + Literal(parameter.DefaultValue) : string.Empty;
        return $"{(many ? "params " : string.Empty)}{way}{TypeNames.Of(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{standard}";
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        Enum choice => choice.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
