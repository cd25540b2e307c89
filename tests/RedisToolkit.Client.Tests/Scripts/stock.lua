#!lua name=stock
redis.register_function('stock_add', function(keys, args)
  return redis.call('INCRBY', keys[1], args[1])
end)
redis.register_function { function_name = 'stock_read', flags = { 'no-writes' }, callback = function(keys)
  return redis.call('GET', keys[1])
end }
