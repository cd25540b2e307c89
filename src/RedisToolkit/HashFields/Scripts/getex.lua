-- getex: reads fields and gives those that are there a time to live.
-- KEYS     as in prelude.lua
-- ARGV[2]  the time to live
-- ARGV[3…] fields
-- returns  for each field its value, or nil      O(N)
begin()
for i = 3, #ARGV do entry(ARGV[i]) end
local at, values = instant(ARGV[2]), {}
for i = 3, #ARGV do values[#values + 1] = read(ARGV[i]) end
for i = 3, #ARGV do
  if values[i - 2] then set_deadline(ARGV[i], values[i - 2], at) end
end
finish()
return values
