-- store: writes a map of results, each with a time to live of its own, and notes what was stored until when.
-- KEYS[1]  KEYS[2]: as in prelude.lua
-- KEYS[3]  the notes: a sorted set, field -> unix milliseconds of its deadline, or +inf
-- ARGV[2]  how long a note is kept after its deadline, in milliseconds
-- ARGV[3…] field, value, time to live
-- errors   STOREDFIELDS: KEYS[3] holds another type
-- returns  how many were stored      O(N log N) in the entries
local notes = KEYS[3]
local kind = redis.call('TYPE', notes).ok
if kind ~= 'none' and kind ~= 'zset' then error({ err = 'STOREDFIELDS it holds a ' .. kind }) end
for i = 3, #ARGV, 3 do instant(ARGV[i + 2]) end
begin()
local ended, latest, ever = redis.call('PEXPIRETIME', hash), 0, false
for i = 3, #ARGV, 3 do
  local at = instant(ARGV[i + 2])
  write(ARGV[i], ARGV[i + 1], at)
  redis.call('ZADD', notes, at or '+inf', ARGV[i])
  if at then latest = math.max(latest, at) else ever = true end
end
-- The hash ends with its longest entry and never before; one that held something kept for ever goes on for ever.
if ended > 0 and ever then redis.call('PERSIST', hash)
elseif not ever and (ended == -2 or (ended > 0 and latest > ended)) then redis.call('PEXPIREAT', hash, latest) end
redis.call('ZREMRANGEBYSCORE', notes, '-inf', now - ARGV[2])
local last = redis.call('ZRANGE', notes, -1, -1, 'WITHSCORES')[2]
if last == 'inf' then redis.call('PERSIST', notes)
elseif last then redis.call('PEXPIREAT', notes, last + ARGV[2]) end
finish()
return (#ARGV - 2) / 3
