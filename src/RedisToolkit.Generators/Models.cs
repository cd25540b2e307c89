namespace RedisToolkit.Generators;

/// <summary>A class with <c>[RedisHash]</c>, as text: nothing of the compilation is kept.</summary>
/// <param name="Namespace">Empty for the global one.</param>
/// <param name="Declarations">How the class and those around it are declared, the outermost first.</param>
/// <param name="FileName">What the generated file is called.</param>
/// <param name="Hashes">The entities.</param>
/// <param name="Faults">What cannot be generated.</param>
internal sealed record ContextModel(string Namespace, EquatableArray<string> Declarations, string FileName, EquatableArray<HashModel> Hashes, EquatableArray<FaultModel> Faults);

/// <summary>One entity.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Type">The entity's type, fully qualified.</param>
/// <param name="Accessibility">Of what is generated.</param>
/// <param name="Members">What is stored.</param>
internal sealed record HashModel(string Name, string Type, string Accessibility, EquatableArray<MemberModel> Members);

/// <summary>How a member gets its value when an entity is made.</summary>
internal enum Assignment
{
    /// <summary>By the constructor alone.</summary>
    Constructor,

    /// <summary>Always, where the entity is made.</summary>
    Initializer,

    /// <summary>By its setter, only if there is a field: else it keeps what it was initialized with.</summary>
    Setter,

    /// <summary>The same, by an accessor to a setter that is for initializing.</summary>
    InitAccessor,
}

/// <summary>One member.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type without null, fully qualified.</param>
/// <param name="IsReference">Whether that is a reference type.</param>
/// <param name="Factory">The method that makes it.</param>
/// <param name="Format">The expression of its format.</param>
/// <param name="Field">Its field.</param>
/// <param name="Former">The former names of that, the latest first.</param>
/// <param name="IsNullable">Whether it may be null.</param>
/// <param name="IsRequired">Whether there is no entity without it.</param>
/// <param name="Standard">Its default as the field would have it.</param>
/// <param name="Parameter">The parameter of the constructor that takes it.</param>
/// <param name="Assignment">How else it gets its value.</param>
/// <param name="DeclaringType">Which type has its setter.</param>
internal sealed record MemberModel(
    string Name,
    string Type,
    bool IsReference,
    string Factory,
    string Format,
    string Field,
    EquatableArray<string> Former,
    bool IsNullable,
    bool IsRequired,
    string? Standard,
    string? Parameter,
    Assignment Assignment,
    string DeclaringType);
