-- replace: writes a value in place of another one, if that is still there.
-- KEYS[1]  the key
-- ARGV[1]  the SHA-1 of the value that is to be replaced, in small hexadecimal digits
-- ARGV[2]  the new value
-- ARGV[3]  what its time to live is: PX, PXAT, KEEPTTL, or nothing for none
-- ARGV[4]  the milliseconds of PX and PXAT
-- reply    1 written; 0 another value is there; -1 no value is there
-- cost     O(N) in the bytes of the value that is there
local value = redis.call('GET', KEYS[1])
if not value then return -1 end
if redis.sha1hex(value) ~= ARGV[1] then return 0 end
if ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
elseif ARGV[3] == 'KEEPTTL' then
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
else
  redis.call('SET', KEYS[1], ARGV[2], ARGV[3], ARGV[4])
end
return 1
