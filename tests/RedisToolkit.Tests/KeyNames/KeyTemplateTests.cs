using FsCheck;
using FsCheck.Fluent;

namespace RedisToolkit.Tests.Naming;

/// <summary>How keys are named.</summary>
public sealed class KeyTemplateTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void A_key_is_the_prefix_and_the_template_with_its_id()
    {
        var names = new KeyNames("shop");
        Assert.Equal("shop:person:42", names.Template<Person, int>().Of(42));
        Assert.Equal("shop:u:-1", names.Template<Person, long>("u:{id}").Of(-1));
        Assert.Equal("shop:person:ada:profile", names.Template<Person, string>("{entity}:{id}:profile").Of("ada"));
        Assert.Equal("shop:cart:{7}", names.Template<Person, int>("cart:{{id}}").Of(7));
        Assert.Equal("shop:{all}:7", names.Template<Person, int>("{all}:{id}").Of(7));
        Assert.Equal("p:0f8fad5b-d9cb-469f-a165-70867728950e", new KeyNames().Template<Person, Guid>("p:{id}").Of(Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e")));
        Assert.Equal("p:eu:7:a", new KeyNames().Template<Person, string>("p:{*id}").Of("eu:7:a"));
    }

    [Theory]
    [InlineData("person")]
    [InlineData("person:{Id}")]
    [InlineData("{id}:{id}")]
    [InlineData("{id}:{*id}")]
    [InlineData("{*id}:{*id}")]
    [InlineData("{a}:{b}:{id}")]
    [InlineData("{}:{id}")]
    [InlineData("{a:{id}")]
    [InlineData("a}:{id}")]
    [InlineData("}a{:{id}")]
    [InlineData("a b:{id}")]
    [InlineData("a\n{id}")]
    [InlineData("")]
    public void A_template_that_would_name_other_keys_than_meant_is_refused(string template) =>
        Assert.Throws<ArgumentException>("template", () => new KeyNames().Template<Person, int>(template));

    [Theory]
    [InlineData("shop:")]
    [InlineData("{shop}")]
    [InlineData("my shop")]
    [InlineData("a\0")]
    public void A_prefix_that_would_be_misread_is_refused(string prefix) => Assert.Throws<ArgumentException>("prefix", () => new KeyNames(prefix));

    [Fact]
    public void Limits_out_of_their_range_and_names_that_do_not_differ_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("maxKeyBytes", () => new KeyNames("a", 15));
        Assert.Throws<ArgumentOutOfRangeException>("maxKeyBytes", () => new KeyNames("a", 65_537));
        KeyTemplate<Person, int> keys = new KeyNames().Template<Person, int>("p:{id}").FormerlyNamed("person:{id}");
        Assert.Throws<ArgumentException>("template", () => keys.FormerlyNamed("p:{id}"));
        Assert.Throws<ArgumentException>("template", () => keys.FormerlyNamed("person:{id}"));
        Assert.Equal(["person:{id}"], keys.Former.Select(former => former.Text));
        Assert.Throws<ArgumentException>("template", () => new KeyNames().Template<List<int>, int>());
    }

    [Fact]
    public void A_key_may_be_as_long_as_the_limit_in_bytes()
    {
        KeyTemplate<Person, string> keys = new KeyNames(maxKeyBytes: 20).Template<Person, string>("p:{id}");
        Assert.Equal(20, keys.Of(new string('a', 18)).Length);
        Assert.Equal(11, keys.Of(new string('ä', 9)).Length);
        Assert.Throws<ArgumentException>("id", () => keys.Of(new string('a', 19)));
        ArgumentException error = Assert.Throws<ArgumentException>("id", () => keys.Of(new string('ä', 10)));
        Assert.Contains("22", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_id_is_read_back_from_its_key()
    {
        KeyTemplate<Person, string> texts = new KeyNames("a*b").Template<Person, string>("x[{*id}]y");
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(id => !string.IsNullOrEmpty(id) && id.AsSpan().IndexOfAny('{', '}') < 0), id => texts.TryGetId(texts.Of(id), out string? same) && same == id).Check(Thorough);
        KeyTemplate<Person, long> numbers = new KeyNames().Template<Person, long>("{entity}:{id}");
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), id => numbers.TryGetId(numbers.Of(id), out long same) && same == id).Check(Thorough);
    }

    [Theory]
    [InlineData("a:person:42", true)]
    [InlineData("a:person:042", false)]
    [InlineData("a:person:+42", false)]
    [InlineData("a:person: 42", false)]
    [InlineData("a:person:", false)]
    [InlineData("a:person", false)]
    [InlineData("a:person:42:cart", false)]
    [InlineData("b:person:42", false)]
    [InlineData("A:person:42", false)]
    public void Only_keys_that_the_template_makes_have_an_id(string key, bool expected) =>
        Assert.Equal(expected, new KeyNames("a").Template<Person, int>("person:{id}").TryGetId(key, out _));

    [Fact]
    public void What_is_special_in_patterns_stands_for_itself() =>
        Assert.Equal("a\\*b:x\\[\\?*\\]", new KeyNames("a*b").Template<Person, int>("x[?{id}]").Pattern);
}
