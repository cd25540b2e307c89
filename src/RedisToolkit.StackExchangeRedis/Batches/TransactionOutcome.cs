using RedisToolkit.Client;
using Ser = StackExchange.Redis;

namespace RedisToolkit.StackExchangeRedis;

/// <summary>What became of a transaction, written into its results.</summary>
internal static class TransactionOutcome
{
    /// <param name="transaction">The transaction.</param>
    /// <param name="executed">Whether its commands were executed.</param>
    /// <param name="held">What the conditions came to.</param>
    /// <param name="tasks">What the commands came to.</param>
    /// <param name="translate">Says an error in this library's terms.</param>
    /// <returns>Whether its commands were executed.</returns>
    public static bool Settle(RedisTransaction transaction, bool executed, Ser.ConditionResult[] held, Task<Ser.RedisResult>[] tasks, Func<Exception, Exception> translate)
    {
        bool allHeld = true;
        for (int i = 0; i < held.Length; i++)
        {
            // A transaction that was executed had all its conditions; one that was not tells which.
            bool was = executed || held[i].WasSatisfied;
            allHeld &= was;
            transaction.Held[i].Put(was);
            transaction.Held[i].Settle(null);
        }

        if (!executed)
        {
            transaction.Fail(new InvalidOperationException(allHeld
                ? "The transaction was not executed: a key that it watches was changed by somebody else. Execute it anew to try again."
                : "The transaction was not executed: a condition did not hold."));
            return false;
        }

        for (int i = 0; i < tasks.Length; i++)
        {
            BatchResult result = transaction.Results[i];
            Task<Ser.RedisResult> task = tasks[i];
            if (task.IsCompletedSuccessfully) ReplyReading.ReadInto(result, Ended.ValueOf(task));
            else result.Refusal = translate(Ended.FailureOf(task));
            result.Settle(null);
        }

        return true;
    }
}
