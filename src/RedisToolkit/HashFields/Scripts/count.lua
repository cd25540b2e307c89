-- count: counts the fields. It only reads.
-- KEYS     as in prelude.lua
-- returns  how many there are      O(log N + M), M for those whose time has run out and that are not swept yet
local count = redis.call('HLEN', hash)
if not beside then return count end
local due = redis.call('ZRANGEBYSCORE', deadlines, EARLIEST, string.format('(%.0f', now + 1), 'WITHSCORES')
for i = 1, #due, 2 do
  local value, at, of = redis.call('HGET', hash, due[i]), parse(due[i + 1])
  if value and is_dead(due[i], value, at, of) then count = count - 1 end
end
return count
