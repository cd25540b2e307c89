using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace RedisToolkit.StackExchangeRedis.Tests.Compatibility;

/// <summary>What an assembly uses of another one, as its metadata say: that is what the runtime looks for when another version is there.</summary>
internal sealed record UsedMembers(IReadOnlyList<(string Type, string Member)> Members, IReadOnlyList<string> Types)
{
    public static UsedMembers Read(string file, string ofAssembly)
    {
        using var image = new PEReader(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        var types = new Dictionary<TypeReferenceHandle, string>();
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            if (ComesFrom(reader, handle, ofAssembly)) types[handle] = SignatureText.NameOf(reader, handle);
        }

        var members = new List<(string, string)>();
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            MemberReference member = reader.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference || !types.TryGetValue((TypeReferenceHandle)member.Parent, out string? type)) continue;
            string name = reader.GetString(member.Name);
            members.Add((type, member.GetKind() == MemberReferenceKind.Method
                ? $"{name}: {SignatureText.Of(member.DecodeMethodSignature(SignatureText.Instance, null))}"
                : $"{name}: field {member.DecodeFieldSignature(SignatureText.Instance, null)}"));
        }

        return new UsedMembers(members, [.. types.Values]);
    }

    private static bool ComesFrom(MetadataReader reader, TypeReferenceHandle handle, string assembly)
    {
        EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
        if (scope.Kind == HandleKind.TypeReference) return ComesFrom(reader, (TypeReferenceHandle)scope, assembly);
        return scope.Kind == HandleKind.AssemblyReference && reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == assembly;
    }
}
