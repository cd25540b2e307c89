-- all: reads every field. It only reads.
-- KEYS     as in prelude.lua
-- returns  field, value, field, value ...      O(N) in the size of the hash
local pairs_of, alive = redis.call('HGETALL', hash), {}
if not beside then return pairs_of end
for i = 1, #pairs_of, 2 do
  local at, of = entry(pairs_of[i])
  if not is_dead(pairs_of[i], pairs_of[i + 1], at, of) then
    alive[#alive + 1] = pairs_of[i]
    alive[#alive + 1] = pairs_of[i + 1]
  end
end
return alive
