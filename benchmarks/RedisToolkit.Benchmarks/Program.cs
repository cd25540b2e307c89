using RedisToolkit.Benchmarks.Keyspace;
using RedisToolkit.Benchmarks.Load;
using RedisToolkit.Benchmarks.Memory;
using RedisToolkit.Benchmarks.Micro;
using RedisToolkit.Benchmarks.Repositories;

return args switch
{
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["worker", .. var rest] => await Worker.RunAsync(rest),
    ["keyspace", .. var rest] => await KeyspaceCommand.RunAsync(rest),
    ["repositories", .. var rest] => await RepositoriesCommand.RunAsync(rest),
    ["memory", .. var rest] => await MemoryCommand.RunAsync(rest),
    ["bdn", .. var rest] => MicroCommand.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        $"""
        Use one of
          load [options]                 whole clients under load, side by side
          keyspace [options]             deletion by pattern while others read
          repositories [options]         entities by a repository and by hand, side by side
          memory [options]               what entities take on the server as JSON and as hashes
          bdn [BenchmarkDotNet options]  single calls under BenchmarkDotNet, for example: bdn --filter '*' --job short

        {LoadOptions.Help}

        {KeyspaceRun.Help}

        {RepositoriesRun.Help}

        {MemoryCommand.Help}
        """);
    return 2;
}
