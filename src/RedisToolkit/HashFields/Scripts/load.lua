-- load: reads results back and tells those that have expired from those that were never there. It only reads.
-- KEYS[1]  KEYS[2]: as in prelude.lua
-- KEYS[3]  the notes of store.lua
-- ARGV[2…] fields
-- errors   STOREDFIELDS: KEYS[3] is not what store.lua wrote
-- returns  for each field two elements: 1 and its value, 2 and nil if its time has run out, 0 and nil if it is missing      O(N log N)
local kind = redis.call('TYPE', KEYS[3]).ok
if kind ~= 'none' and kind ~= 'zset' then error({ err = 'STOREDFIELDS it holds a ' .. kind }) end
local found = {}
for i = 2, #ARGV do
  local value, state = read(ARGV[i]), 1
  if not value then
    local until_when = redis.call('ZSCORE', KEYS[3], ARGV[i])
    state = until_when and tonumber(until_when) <= now and 2 or 0
  end
  found[#found + 1] = state
  found[#found + 1] = value
end
return found
