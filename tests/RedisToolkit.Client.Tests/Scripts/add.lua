-- add: adds to a number and returns the sum.
-- KEYS[1]  the number
-- ARGV[1]  what to add
return redis.call('INCRBY', KEYS[1], ARGV[1])
