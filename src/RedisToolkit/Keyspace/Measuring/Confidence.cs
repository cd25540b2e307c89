namespace RedisToolkit;

/// <summary>Bounds of what is known from a sample.</summary>
internal static class Confidence
{
    /// <summary>How many standard deviations around the mean of a normal distribution hold a share of it.</summary>
    /// <param name="share">0.5 up to, not including, 1.</param>
    public static double Deviations(double share)
    {
        // By halving: the distribution's function is easy and exact, its inverse is neither.
        double low = 0, high = 10;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (Erf(middle / Math.Sqrt(2)) < share) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <summary>Wilson's bounds of a share of which so many of so many were seen: sound for shares near 0 and 1 too.</summary>
    public static (double Low, double High) OfShare(long seen, long of, double deviations)
    {
        double share = (double)seen / of, square = deviations * deviations;
        double centre = (share + square / (2 * of)) / (1 + square / of);
        double half = deviations * Math.Sqrt((share * (1 - share) + square / (4 * of)) / of) / (1 + square / of);
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    // The series of Abramowitz and Stegun, 7.1.6: all terms are positive, so that nothing cancels out.
    private static double Erf(double x)
    {
        double term = x, sum = x;
        for (int n = 1; term > sum * 1e-16; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
