-- ttl: tells how long fields will be there. It only reads.
-- KEYS     as in prelude.lua
-- ARGV[2…] fields
-- returns  for each field -2 missing, -1 kept for ever, or milliseconds      O(N)
local codes = {}
for i = 2, #ARGV do
  local value, code = read(ARGV[i]), -2
  if value then
    local at = deadline_of(ARGV[i], value)
    code = at and math.max(at - now, 0) or -1
  end
  codes[#codes + 1] = code
end
return codes
