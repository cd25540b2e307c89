-- expire: gives fields that are there times to live.
-- KEYS     as in prelude.lua
-- ARGV[2]  'ALWAYS', or 'NX' (it has none), 'XX' (it has one), 'GT' (the new one ends later), 'LT' (it ends sooner); none ends never
-- ARGV[3…] field, time to live
-- returns  for each field -2 missing, 0 the condition did not hold, 1 set, 2 deleted since the deadline has passed      O(N)
begin()
for i = 3, #ARGV, 2 do
  entry(ARGV[i])
  instant(ARGV[i + 1])
end
local codes = {}
for i = 3, #ARGV, 2 do
  local value, at, code = read(ARGV[i]), instant(ARGV[i + 1]), -2
  if value then
    local has = deadline_of(ARGV[i], value)
    local no = (ARGV[2] == 'NX' and has) or (ARGV[2] == 'XX' and not has)
      or (ARGV[2] == 'GT' and (not has or at <= has)) or (ARGV[2] == 'LT' and has and at >= has)
    code = no and 0 or set_deadline(ARGV[i], value, at)
  end
  codes[#codes + 1] = code
end
finish()
return codes
