-- set: writes fields, each with a time to live of its own, all or none.
-- KEYS     as in prelude.lua
-- ARGV[2]  'always', 'missing' (none of the fields may be there) or 'present' (all must be)
-- ARGV[3…] field, value, time to live: as in instant(), or 'keep' for the one that the field has
-- returns  1, or 0 if the condition did not hold      O(N) in the fields
begin()
local kept = {}
for i = 3, #ARGV, 3 do
  if ARGV[2] ~= 'always' and (read(ARGV[i]) == false) ~= (ARGV[2] == 'missing') then return 0 end
  if ARGV[i + 2] == 'keep' then
    local value = read(ARGV[i])
    kept[i] = value and deadline_of(ARGV[i], value)
  elseif ARGV[i + 2] ~= 'never' then
    instant(ARGV[i + 2])
  end
end
for i = 3, #ARGV, 3 do
  if ARGV[i + 2] == 'keep' then write(ARGV[i], ARGV[i + 1], kept[i]) else write(ARGV[i], ARGV[i + 1], instant(ARGV[i + 2])) end
end
finish()
return 1
