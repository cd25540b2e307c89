using System.Text.Json.Serialization.Metadata;
using RedisToolkit.Client;

namespace RedisToolkit;

/// <summary>
/// Keeps entities of one kind, each as one string under a key of its own: as JSON, unless another serializer is given. Safe for any
/// number of callers at once; one instance serves a whole application.
/// </summary>
/// <typeparam name="TEntity">The kind of entity.</typeparam>
/// <typeparam name="TId">What its entities are told apart by.</typeparam>
/// <remarks>
/// <para>Each entity is one key, and nothing relies on two keys being changed as one, so that all of it works on a cluster.</para>
/// <para>All methods throw what <see cref="IRedisClient.ExecuteAsync{T}(RedisCommand, ReplyReader{T}, CancellationToken)"/> throws; moreover
/// <see cref="ArgumentException"/>, before anything is sent, for an id that fits into no key, an entity that is too long, and a time to live
/// that was not chosen; <see cref="RedisValueException"/> for what cannot be read as an entity; <see cref="RedisKeyTypeException"/> for a
/// key of another type.</para>
/// </remarks>
/// <example>
/// <code>
/// var keys = new KeyNames("shop").Template&lt;User, int&gt;("user:{id}");
/// var users = new JsonRepository&lt;User, int&gt;(redis, keys, AppJson.Default.User, new() { TimeToLive = TimeToLive.After(TimeSpan.FromDays(30)) });
/// await users.SetAsync(42, new User("Ada"));
/// </code>
/// </example>
public sealed partial class JsonRepository<TEntity, TId>
    where TEntity : class
    where TId : notnull, IParsable<TId>
{
    private readonly IRedisClient _redis;
    private readonly EntityCodec<TEntity> _codec;

    /// <summary>Initializes a new instance of the <see cref="JsonRepository{TEntity, TId}"/> class, with JSON whose code was generated when the application was built.</summary>
    /// <param name="redis">The client.</param>
    /// <param name="keys">How the keys are named.</param>
    /// <param name="typeInfo">What a <c>JsonSerializerContext</c> has for the entity: <c>AppJson.Default.User</c>.</param>
    /// <param name="options">How entities are kept.</param>
    /// <exception cref="RedisOptionsException">An option is out of its range, or the time to live was not chosen; the message lists all that are.</exception>
    public JsonRepository(IRedisClient redis, KeyTemplate<TEntity, TId> keys, JsonTypeInfo<TEntity> typeInfo, JsonRepositoryOptions options)
        : this(redis, keys, ValueSerializers.Json(typeInfo), options)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="JsonRepository{TEntity, TId}"/> class with any serializer.</summary>
    /// <param name="redis">The client.</param>
    /// <param name="keys">How the keys are named.</param>
    /// <param name="serializer">One of <see cref="ValueSerializers"/>, or your own.</param>
    /// <param name="options">How entities are kept.</param>
    /// <exception cref="RedisOptionsException">An option is out of its range, or the time to live was not chosen; the message lists all that are.</exception>
    public JsonRepository(IRedisClient redis, KeyTemplate<TEntity, TId> keys, IValueSerializer<TEntity> serializer, JsonRepositoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        _redis = redis;
        Keys = keys;
        Options = options.Validated();
        _codec = new EntityCodec<TEntity>(serializer, options);
        _former = [.. keys.Former.Reverse()];
    }

    /// <summary>Gets how the keys are named.</summary>
    public KeyTemplate<TEntity, TId> Keys { get; }

    /// <summary>Gets how entities are kept.</summary>
    public JsonRepositoryOptions Options { get; }

    private Expiry ForAnyKey(TimeToLive? timeToLive) => (timeToLive ?? Options.TimeToLive).ForAnyKey(nameof(timeToLive));

    private Expiry ForExistingKey(TimeToLive? timeToLive) => (timeToLive ?? Options.TimeToLive).ForExistingKey(nameof(timeToLive));

    private ValueTask<RedisException> ExplainAsync(string key, RedisServerException refusal, CancellationToken cancellationToken) =>
        KeyErrors.ExplainAsync(_redis, key, "string", refusal, cancellationToken);
}
