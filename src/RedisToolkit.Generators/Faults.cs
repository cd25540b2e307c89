using System.Linq;
using Microsoft.CodeAnalysis;

namespace RedisToolkit.Generators;

/// <summary>What a class with <c>[RedisHash]</c> may have that nothing can be generated for.</summary>
internal static class Faults
{
    public static readonly DiagnosticDescriptor NotPartial = New("RTK001", "Not partial", "Declare '{0}' as partial: the code of [RedisHash] is generated into it");

    public static readonly DiagnosticDescriptor NotAnEntity = New("RTK002", "No entity", "'{0}' cannot be kept as a hash: it is {1}. An entity is a class or record that can be made, without type parameters");

    public static readonly DiagnosticDescriptor NotAccessible = New("RTK003", "Not accessible", "'{0}' cannot be named by generated code: make it and the types around it internal or public, and not local to a file");

    public static readonly DiagnosticDescriptor NoConstructor = New("RTK004", "No constructor", "'{0}' cannot be made: {1}. A constructor is needed whose parameters are all stored members, by the same names and types, or optional");

    public static readonly DiagnosticDescriptor NotStorable = New("RTK005", "Type of a member", "'{0}.{1}' of the type '{2}' cannot be stored: {3}. Leave it out with [HashIgnore], or give it another type");

    public static readonly DiagnosticDescriptor NoJson = New("RTK006", "No JSON", "'{0}.{1}' of the type '{2}' is stored as JSON: {3}");

    public static readonly DiagnosticDescriptor SameField = New("RTK007", "Two members, one field", "'{0}.{1}' and '{0}.{2}' would both be kept in the field '{3}', by present or former name. Name one of them with [HashField(\"...\")]");

    public static readonly DiagnosticDescriptor BadField = New("RTK008", "Name of a field", "'{0}.{1}' has a field name, present or former, that is empty or no text");

    public static readonly DiagnosticDescriptor BadDefault = New("RTK009", "Default", "The default of '{0}.{1}' cannot be used: {2}");

    public static readonly DiagnosticDescriptor SameName = New("RTK010", "Name of a hash", "The property '{0}' of '{1}' {2}. Name it with [RedisHash(..., Name = \"...\")]");

    public static readonly DiagnosticDescriptor NoMembers = New("RTK011", "Nothing to store", "'{0}' has no member that can be stored: public properties that can be set, or are parameters of its constructor");

    public static readonly DiagnosticDescriptor BadContext = New("RTK012", "Place of [RedisHash]", "'{0}' cannot have [RedisHash]: it, or a type around it, {1}");

    private static readonly DiagnosticDescriptor[] All =
        { NotPartial, NotAnEntity, NotAccessible, NoConstructor, NotStorable, NoJson, SameField, BadField, BadDefault, SameName, NoMembers, BadContext };

    public static DiagnosticDescriptor Of(string id) => All.First(descriptor => descriptor.Id == id);

    private static DiagnosticDescriptor New(string id, string title, string message) => new(id, title, message, "RedisToolkit", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
