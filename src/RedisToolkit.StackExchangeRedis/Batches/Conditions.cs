using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>Our conditions as StackExchange.Redis has them.</summary>
internal static class Conditions
{
    /// <exception cref="NotSupportedException">It has no such condition.</exception>
    public static Ser.Condition Translate(Condition condition)
    {
        if (condition.Kind == ConditionKind.Other) throw Limits.ConditionOfOnesOwn(condition.Command.Name);
        Ser.RedisKey key = CommandParts.Key(condition.Command.GetArgument(0));
        return condition.Kind switch
        {
            ConditionKind.KeyExists => Ser.Condition.KeyExists(key),
            ConditionKind.KeyNotExists => Ser.Condition.KeyNotExists(key),
            ConditionKind.StringEquals => Ser.Condition.StringEqual(key, condition.Wanted!),
            ConditionKind.HashEquals => Ser.Condition.HashEqual(key, Field(condition), condition.Wanted!),
            ConditionKind.HashFieldExists => Ser.Condition.HashExists(key, Field(condition)),
            _ => Ser.Condition.HashNotExists(key, Field(condition)),
        };
    }

    private static Ser.RedisValue Field(Condition condition) => condition.Command.GetArgument(1).ToBytes();
}
