-- delete: deletes a value, if it is still there.
-- KEYS[1]  the key
-- ARGV[1]  the SHA-1 of the value, in small hexadecimal digits
-- reply    1 deleted; 0 another value is there; -1 no value is there
-- cost     O(N) in the bytes of the value that is there
local value = redis.call('GET', KEYS[1])
if not value then return -1 end
if redis.sha1hex(value) ~= ARGV[1] then return 0 end
redis.call('UNLINK', KEYS[1])
return 1
