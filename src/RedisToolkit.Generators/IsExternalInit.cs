namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for where records are declared; this framework has none.</summary>
internal static class IsExternalInit;
