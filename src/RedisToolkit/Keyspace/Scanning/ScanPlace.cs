namespace RedisToolkit;

/// <summary>How far a scan of the keyspace has come.</summary>
/// <param name="Primary">Which primary comes next, counted from 0; as many as there are means that the scan has ended.</param>
/// <param name="Cursor">Its cursor; 0 to begin.</param>
/// <param name="ServerId">Which process the cursor is of; null if that is not known.</param>
internal readonly record struct ScanPlace(int Primary, ulong Cursor, string? ServerId);
