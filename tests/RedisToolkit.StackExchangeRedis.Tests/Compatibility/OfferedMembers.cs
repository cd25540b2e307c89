using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace RedisToolkit.StackExchangeRedis.Tests.Compatibility;

/// <summary>The public types of an assembly with their members, read without loading it.</summary>
internal sealed class OfferedMembers
{
    private readonly Dictionary<string, OfferedType> _types = [];

    private OfferedMembers()
    {
    }

    public static OfferedMembers Read(string file)
    {
        var offered = new OfferedMembers();
        using var image = new PEReader(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            if (IsPublic(reader, handle)) offered._types[SignatureText.NameOf(reader, handle)] = OfferedType.Read(reader, handle);
        }

        // What was moved to another assembly is found there by the runtime; here it counts as gone, unless somebody looks there.
        return offered;
    }

    public OfferedType? Find(string type) => _types.GetValueOrDefault(type);

    /// <summary>Looks as the runtime does: a member of a class may also be its base class's; one of an interface must be its own.</summary>
    public bool Has(string type, string member)
    {
        for (OfferedType? found = Find(type); found is not null; found = found.BaseType is { } parent ? Find(parent) : null)
        {
            if (found.Members.Contains(member)) return true;
        }

        return false;
    }

    private static bool IsPublic(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic => IsPublic(reader, type.GetDeclaringType()),
            _ => false,
        };
    }
}

/// <summary>A public type.</summary>
/// <param name="Kind">Class, structure, interface or enumeration.</param>
/// <param name="BaseType">The class that it derives from, if that is of the same assembly.</param>
/// <param name="Members">Its public and protected methods and fields with their signatures.</param>
/// <param name="Values">The values of an enumeration by their names.</param>
internal sealed record OfferedType(string Kind, string? BaseType, HashSet<string> Members, Dictionary<string, long> Values)
{
    public static OfferedType Read(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string? parent = type.BaseType.IsNil ? null : type.BaseType.Kind switch
        {
            HandleKind.TypeReference => SignatureText.NameOf(reader, (TypeReferenceHandle)type.BaseType),
            HandleKind.TypeDefinition => SignatureText.NameOf(reader, (TypeDefinitionHandle)type.BaseType),
            _ => null,
        };
        string kind = (type.Attributes & TypeAttributes.Interface) != 0 ? "interface" : parent switch
        {
            "System.Enum" => "enum",
            "System.ValueType" => "struct",
            _ => "class",
        };
        var members = new HashSet<string>(StringComparer.Ordinal);
        foreach (MethodDefinitionHandle each in type.GetMethods())
        {
            MethodDefinition method = reader.GetMethodDefinition(each);
            if ((method.Attributes & MethodAttributes.MemberAccessMask) is not (MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem)) continue;
            members.Add($"{reader.GetString(method.Name)}: {SignatureText.Of(method.DecodeSignature(SignatureText.Instance, null))}");
        }

        var values = new Dictionary<string, long>();
        foreach (FieldDefinitionHandle each in type.GetFields())
        {
            FieldDefinition field = reader.GetFieldDefinition(each);
            if ((field.Attributes & FieldAttributes.FieldAccessMask) != FieldAttributes.Public) continue;
            string name = reader.GetString(field.Name);
            members.Add($"{name}: field {field.DecodeSignature(SignatureText.Instance, null)}");
            if (field.GetDefaultValue() is { IsNil: false } constant) values[name] = ValueOf(reader, reader.GetConstant(constant));
        }

        return new OfferedType(kind, parent, members, values);
    }

    private static long ValueOf(MetadataReader reader, Constant constant)
    {
        BlobReader blob = reader.GetBlobReader(constant.Value);
        return constant.TypeCode switch
        {
            ConstantTypeCode.Byte => blob.ReadByte(),
            ConstantTypeCode.Int32 => blob.ReadInt32(),
            ConstantTypeCode.Int64 => blob.ReadInt64(),
            _ => 0,
        };
    }
}
