using System.Diagnostics.Metrics;

namespace RedisToolkit.Client.Tests.Docs;

/// <summary>The code of docs/diagnostics.md.</summary>
internal static class DiagnosticsSnippets
{
    internal static void Listen()
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == RedisDiagnostics.MeterName) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.Start();
    }
}
