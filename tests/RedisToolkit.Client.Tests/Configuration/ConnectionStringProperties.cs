using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Client.Tests.Configuration;

/// <summary>What holds for every connection string, shown on some thousand made at random.</summary>
public sealed class ConnectionStringProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    /// <summary>Pieces that steer the random text into every branch of the readers.</summary>
    private static readonly string[] Pieces =
    [
        "redis://", "rediss://", "unix://", "http://", "://", "host", "[::1]", ":", "6379", "@", "/", "?", "#", "&", "=", ",", "%", "%41", "%FF", "$", "!",
        " ", "password", "user", "ssl", "true", "connectTimeout", "connect_timeout", "5s", "-1", "0", "db", "tls_host", "KEYS", "\0", "\ud800", "ä", "|", ".",
    ];

    private static readonly string[] NotPasswords = ["", " ", "a", "0"];

    [Fact]
    public void No_text_fails_with_anything_but_a_format_error() => Prop.ForAll(Texts().ToArbitrary(), text =>
    {
        try
        {
            _ = RedisClientOptions.Parse(text).Validated();
            return true;
        }
        catch (Exception e) when (e is FormatException or RedisOptionsException)
        {
            return true;
        }
    }).Check(Thorough);

    [Fact]
    public void TryParse_agrees_with_Parse_and_never_throws() => Prop.ForAll(Texts().ToArbitrary(), text =>
    {
        bool tried = RedisClientOptions.TryParse(text, out RedisClientOptions? options);
        return tried == (options is not null) && tried == (Record.Exception(() => RedisClientOptions.Parse(text)) is null);
    }).Check(Thorough);

    [Fact]
    public void A_password_is_in_no_message_and_no_text_wherever_it_stands()
    {
        // Letters that no message has, so that a part of it that leaks is found too.
        Gen<string> passwords =
            from marks in Gen.Elements("", "@", "/", "?", "#", "&", ",", "=", "%", ":", "$", " ", "%zz").ListOf(2)
            select "ЖЖ" + marks[0] + "ЖЖЖ" + marks[1] + "ЖЖ";
        Gen<string> texts =
            from before in Texts()
            from frame in Gen.Elements("redis://:{0}@host", "redis://app:{0}@host/0", "a,password={0}", "a,password={0},ssl=x", "redis://a?password={0}", "{0}@a", "{0}")
            from after in Texts()
            from password in passwords
            from broken in Gen.Elements(true, false)
            select (broken ? before : "") + frame.Replace("{0}", password, StringComparison.Ordinal) + (broken ? after : "");

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            Exception? error = Record.Exception(() => RedisClientOptions.Parse(text).Validated());
            return error is null || !error.ToString().Contains('Ж', StringComparison.Ordinal);
        }).Check(Thorough);
    }

    [Fact]
    public void Options_written_as_a_URI_are_read_back() => Prop.ForAll(Expressible().ToArbitrary(), options =>
    {
        static string Escaped(string? text) => Uri.EscapeDataString(text ?? "");
        string hosts = string.Join(',', options.Endpoints);
        string text =
            $"{(options.Tls is null ? "redis" : "rediss")}://{Escaped(options.User)}:{Escaped(options.Password)}@{hosts}/{options.Database}" +
            $"?client_name={Escaped(options.ClientName)}&command_timeout={options.CommandTimeout.TotalMilliseconds}ms&protocol={options.Protocol}";

        return Same(options, RedisClientOptions.Parse(text));
    }).Check(Thorough);

    [Fact]
    public void Options_written_with_commas_are_read_back() => Prop.ForAll(
        Expressible().Where(o => !o.Password!.Contains(',', StringComparison.Ordinal) && o.Password == o.Password.Trim()).ToArbitrary(),
        options =>
        {
            string text =
                $"{string.Join(',', options.Endpoints)},user={options.User},password={options.Password},defaultDatabase={options.Database}," +
                $"name={options.ClientName},asyncTimeout={options.CommandTimeout.TotalMilliseconds},protocol={options.Protocol},ssl={options.Tls is not null}";

            return Same(options, RedisClientOptions.Parse(text));
        }).Check(Thorough);

    private static bool Same(RedisClientOptions written, RedisClientOptions read) =>
        written.Endpoints.SequenceEqual(read.Endpoints) && written == read with { Endpoints = written.Endpoints };

    private static Gen<string> Texts() =>
        Gen.OneOf(
            Gen.Elements(Pieces).ListOf().Select(string.Concat),
            from head in Gen.Elements("redis://", "rediss://u:p@h", "unix:///", "host,", "host:1,password=x,")
            from tail in Gen.Elements(Pieces).ListOf()
            select head + string.Concat(tail));

    private static Gen<RedisClientOptions> Expressible() =>
        from host in Gen.Elements("a:1", "b.example:6379", "[::1]:7", "10.0.0.1:65535")
        from second in Gen.Elements("c:2", "d:3")
        from user in Gen.Elements("app", "ä:@/b")
        from password in Gen.Elements(Pieces.Except(["\ud800", "\0"])).ListOf().Select(string.Concat).Where(p => !NotPasswords.Contains(p))
        from name in Gen.Elements(null, "shop", "a&b=c%?#")
        from database in Gen.Choose(0, 100)
        from milliseconds in Gen.Choose(1, 3_600_000)
        from protocol in Gen.Elements(RespProtocol.Auto, RespProtocol.Resp2, RespProtocol.Resp3)
        from tls in Gen.Elements(true, false)
        select new RedisClientOptions
        {
            Endpoints = [host, second],
            User = user,
            Password = password,
            ClientName = name,
            Database = database,
            CommandTimeout = TimeSpan.FromMilliseconds(milliseconds),
            Protocol = protocol,
            Tls = tls ? new RedisTlsOptions() : null,
        };
}
