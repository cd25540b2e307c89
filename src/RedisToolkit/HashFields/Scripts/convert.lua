-- convert: keeps all deadlines of a hash in the way of ARGV[1], wherever they were kept before.
-- KEYS     as in prelude.lua
-- returns  how many deadlines were moved      O(N) in the deadlines, or, to 'portable', in the size of the hash
local moved = begin()
if capable and not native then
  for _, field in ipairs(redis.call('HKEYS', hash)) do
    local at = own(field)
    if at then
      set_deadline(field, redis.call('HGET', hash, field), at)
      moved = moved + 1
    end
  end
end
finish()
return moved
