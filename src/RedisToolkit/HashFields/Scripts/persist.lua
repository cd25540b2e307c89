-- persist: takes the times to live of fields away.
-- KEYS     as in prelude.lua
-- ARGV[2…] fields
-- returns  for each field -2 missing, -1 it had none, 1 taken away      O(N)
begin()
for i = 2, #ARGV do entry(ARGV[i]) end
local codes = {}
for i = 2, #ARGV do
  local value, code = read(ARGV[i]), -2
  if value then code = deadline_of(ARGV[i], value) and set_deadline(ARGV[i], value, nil) or -1 end
  codes[#codes + 1] = code
end
finish()
return codes
