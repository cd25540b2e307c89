-- lease: takes, prolongs or gives back the right to sweep, which one holder has at a time.
-- KEYS[1]  the lease: the holder's token, with a time to live
-- ARGV     the token; for how many milliseconds from now, 0 to give it back
-- returns  1 if the caller holds it, or held it until now; 0 if somebody else does      O(1)
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1
