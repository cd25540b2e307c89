using Microsoft.Extensions.Configuration;

namespace RedisToolkit;

/// <summary>Which settings the features have in a configuration section: the properties of their options by name.</summary>
internal static class FeatureSections
{
    public static HashFieldsOptions HashFields(IConfigurationSection section)
    {
        var settings = new OptionsSection(section);
        var usual = new HashFieldsOptions();
        return settings.Checked(
            new HashFieldsOptions
            {
                Storage = settings.Choice(nameof(usual.Storage), usual.Storage),
                RememberExpired = settings.Time(nameof(usual.RememberExpired), usual.RememberExpired),
            },
            static options => options.Validated());
    }

    public static HashFieldSweeperOptions Sweeper(IConfigurationSection section)
    {
        var settings = new OptionsSection(section);
        var usual = new HashFieldSweeperOptions();
        return settings.Checked(
            new HashFieldSweeperOptions
            {
                Interval = settings.Time(nameof(usual.Interval), usual.Interval),
                StepsPerSecond = settings.Integer(nameof(usual.StepsPerSecond), usual.StepsPerSecond),
                LeaseKey = settings.Text(nameof(usual.LeaseKey), usual.LeaseKey),
            },
            static options => options.Validated());
    }

    public static JsonRepositoryOptions JsonRepository(IConfigurationSection section)
    {
        var settings = new OptionsSection(section);
        var usual = new JsonRepositoryOptions { TimeToLive = TimeToLive.Forever };
        ValueCompression none = usual.Compression;
        return settings.Checked(
            new JsonRepositoryOptions
            {
                TimeToLive = settings.TimeToLive(nameof(usual.TimeToLive)),
                MaxValueBytes = settings.Integer(nameof(usual.MaxValueBytes), usual.MaxValueBytes),
                Compression = new ValueCompression
                {
                    Method = settings.Choice(Of(nameof(none.Method)), none.Method),
                    Level = settings.Choice(Of(nameof(none.Level)), none.Level),
                    MinBytes = settings.Integer(Of(nameof(none.MinBytes)), none.MinBytes),
                },
            },
            static options => options.Validated());

        static string Of(string setting) => $"{nameof(JsonRepositoryOptions.Compression)}:{setting}";
    }

    public static HashRepositoryOptions HashRepository(IConfigurationSection section, int members)
    {
        var settings = new OptionsSection(section);
        var usual = new HashRepositoryOptions { TimeToLive = TimeToLive.Forever };
        return settings.Checked(
            new HashRepositoryOptions
            {
                TimeToLive = settings.TimeToLive(nameof(usual.TimeToLive)),
                MaxValueBytes = settings.Integer(nameof(usual.MaxValueBytes), usual.MaxValueBytes),
                MaxFields = settings.Integer(nameof(usual.MaxFields), usual.MaxFields),
            },
            options => options.Validated(members));
    }
}
