-- keep: gives the hash as a whole a time to live; its fields keep theirs, and with the hash all of them end.
-- KEYS     as in prelude.lua
-- ARGV[2]  the time to live
-- returns  1, or 0 if there is no such hash      O(1)
begin()
local at = instant(ARGV[2])
local done = at and redis.call('PEXPIREAT', hash, at) or redis.call('EXISTS', hash)
if not at then redis.call('PERSIST', hash) end
finish()
return done
