-- get: reads fields. It only reads.
-- KEYS     as in prelude.lua
-- ARGV[2…] fields
-- returns  for each field its value, or nil      O(N)
local values = {}
for i = 2, #ARGV do values[#values + 1] = read(ARGV[i]) end
return values
