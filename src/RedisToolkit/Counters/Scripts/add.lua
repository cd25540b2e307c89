-- add: adds to a counter within bounds; a counter that is made by it gets its time to live in the same step.
-- KEYS[1]  the counter: a string of digits
-- ARGV     what to add; the least and the greatest value; the time to live: milliseconds, or '@' and unix milliseconds, or 'never'
-- returns  { the value as text, 1 if a bound cut it off, 1 if the counter is new }      O(1)
-- Numbers are compared by their digits: a double, which is what Lua has, is exact up to 2^53 only.
local by, least, greatest, ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local function is_less(a, b)
  local minus = string.sub(a, 1, 1) == '-'
  if minus ~= (string.sub(b, 1, 1) == '-') then return minus end
  if minus then a, b = string.sub(b, 2), string.sub(a, 2) end
  if #a ~= #b then return #a < #b end
  return a < b
end

local made = redis.call('EXISTS', KEYS[1]) == 0
local answer = redis.pcall('INCRBY', KEYS[1], by)
local value, cut
if type(answer) == 'table' then
  -- Beyond 64 bits it ends at the bound that it ran into. Anything else is not about its size.
  if not string.find(answer.err, 'overflow', 1, true) then return answer end
  value, cut = string.sub(by, 1, 1) == '-' and least or greatest, 1
else
  value, cut = redis.call('GET', KEYS[1]), 0
  if is_less(value, least) then value, cut = least, 1 elseif is_less(greatest, value) then value, cut = greatest, 1 end
end
if cut == 1 then redis.call('SET', KEYS[1], value, 'KEEPTTL') end
if made and ttl ~= 'never' then
  if string.sub(ttl, 1, 1) == '@' then redis.call('PEXPIREAT', KEYS[1], string.sub(ttl, 2)) else redis.call('PEXPIRE', KEYS[1], ttl) end
end
return { value, cut, made and 1 or 0 }
