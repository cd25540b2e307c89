-- delete: deletes fields.
-- KEYS     as in prelude.lua
-- ARGV[2…] fields
-- returns  how many of them were there      O(N)
begin()
for i = 2, #ARGV do entry(ARGV[i]) end
local deleted = 0
for i = 2, #ARGV do
  if read(ARGV[i]) then deleted = deleted + 1 end
  redis.call('HDEL', hash, ARGV[i])
  if beside then redis.call('ZREM', deadlines, ARGV[i]) end
end
finish()
return deleted
