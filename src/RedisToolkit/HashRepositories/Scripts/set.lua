-- set: writes a hash as a whole. The fields that it had before are gone, and its time to live is set in the same step.
-- KEYS[1]  the hash
-- ARGV[1]  'always': in place of whatever is there; 'missing': only if nothing is; 'present': only in place of a hash
-- ARGV[2]  what its time to live is: PX, PXAT, KEEPTTL (with 'present' alone), or nothing for none
-- ARGV[3]  the milliseconds of PX and PXAT
-- ARGV[4]  and on: fields and values in turn. With none, the hash gets the field '' alone, since there is no hash without a field
-- reply    1 written; 0 not, since something is there or nothing is
-- errors   WRONGTYPE: 'present', and the key holds another type. Nothing was changed.
-- cost     O(N) in the fields
local key, when, option = KEYS[1], ARGV[1], ARGV[2]
if when ~= 'always' then
  local holds = redis.call('TYPE', key).ok
  if (when == 'missing') == (holds ~= 'none') then return 0 end
  if when == 'present' and holds ~= 'hash' then
    return redis.error_reply('WRONGTYPE Operation against a key holding the wrong kind of value')
  end
end
local ends = option == 'KEEPTTL' and redis.call('PEXPIRETIME', key) or -1
if when ~= 'missing' then redis.call('UNLINK', key) end
if #ARGV < 4 then redis.call('HSET', key, '', '') end
-- Lua passes on a few thousand arguments at a time.
for from = 4, #ARGV, 1000 do
  redis.call('HSET', key, unpack(ARGV, from, math.min(from + 999, #ARGV)))
end
if option == 'PX' then redis.call('PEXPIRE', key, ARGV[3])
elseif option == 'PXAT' then redis.call('PEXPIREAT', key, ARGV[3])
elseif ends > 0 then redis.call('PEXPIREAT', key, ends) end
return 1
