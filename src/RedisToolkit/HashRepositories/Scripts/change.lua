-- change: changes some fields of a hash that is there, all of them or none.
-- KEYS[1]  the hash
-- ARGV[1]  what its time to live is from now on: PX, PXAT, KEEPTTL, or nothing for none
-- ARGV[2]  the milliseconds of PX and PXAT
-- ARGV[3]  and on, for each change: what to do, the field, how many former names it has, these names, and then for
--            set      the value
--            remove   nothing
--            integer  what to add, the least and the most that the field may hold (nothing for 64 bits), what it starts from
--            float    what to add, the most that it may be away from 0, what it starts from
-- reply    'done', and what each integer and float is by now;  'missing': there is no hash;
--          'range', i: the i-th change would leave the range;  'number', i: the field of the i-th change holds no number
-- errors   WRONGTYPE: the key holds another type. In all cases but 'done' nothing was changed.
-- cost     O(N) in the changes
local key = KEYS[1]
if redis.call('HLEN', key) == 0 then return { 'missing' } end

local at = 2
local function take()
  at = at + 1
  return ARGV[at]
end

local changes = {}
while at < #ARGV do
  local change = { kind = take(), field = take(), former = {} }
  for i = 1, tonumber(take()) do change.former[i] = take() end
  if change.kind == 'set' then
    change.value = take()
  elseif change.kind == 'integer' then
    change.by, change.least, change.most, change.start = take(), take(), take(), take()
  elseif change.kind == 'float' then
    change.by, change.most, change.start = take(), take(), take()
  end
  changes[#changes + 1] = change
end

-- What a number is before it is changed, and whether it has to be put into its field first.
local function before(change)
  local value = redis.call('HGET', key, change.field)
  if value then return value, false end
  for _, former in ipairs(change.former) do
    value = redis.call('HGET', key, former)
    if value then return value, true end
  end
  return change.start, true
end

-- First those that are looked at before anything is written.
for i, change in ipairs(changes) do
  if change.kind == 'float' then
    change.old, change.isnew = before(change)
    local plain = string.match(change.old, '^[+-]?[%d.]+[eE]?[+-]?%d*$')
    local number = plain and tonumber(change.old)
    if not number then return { 'number', tostring(i) } end
    local sum = math.abs(number + tonumber(change.by))
    -- Not less or equal: neither is what is no number.
    if not (sum <= tonumber(change.most)) then return { 'range', tostring(i) } end
  end
end

-- Then those that only the server adds exactly; they can be taken back.
local added = {}
local function undo()
  for i = #added, 1, -1 do
    local change = added[i]
    if change.isnew then
      redis.call('HDEL', key, change.field)
    else
      local back = string.sub(change.by, 1, 1) == '-' and string.sub(change.by, 2) or '-' .. change.by
      redis.call('HINCRBY', key, change.field, back)
    end
  end
end

for i, change in ipairs(changes) do
  if change.kind == 'integer' then
    local old
    old, change.isnew = before(change)
    if change.isnew then redis.call('HSET', key, change.field, old) end
    local sum = redis.pcall('HINCRBY', key, change.field, change.by)
    if type(sum) == 'table' then
      if change.isnew then redis.call('HDEL', key, change.field) end
      undo()
      return { string.find(sum.err, 'overflow', 1, true) and 'range' or 'number', tostring(i) }
    end
    added[#added + 1] = change
    if change.least ~= '' and (sum < tonumber(change.least) or sum > tonumber(change.most)) then
      undo()
      return { 'range', tostring(i) }
    end
  end
end

-- From here on nothing fails.
local reply, gone = { 'done' }, {}
for _, change in ipairs(changes) do
  if change.kind == 'set' then
    redis.call('HSET', key, change.field, change.value)
  elseif change.kind == 'float' then
    if change.isnew then redis.call('HSET', key, change.field, change.old) end
    redis.call('HINCRBYFLOAT', key, change.field, change.by)
  end
  if change.kind == 'remove' then gone[#gone + 1] = change.field
  elseif change.kind ~= 'set' then reply[#reply + 1] = redis.call('HGET', key, change.field) end
  for _, former in ipairs(change.former) do gone[#gone + 1] = former end
end
if #gone > 0 then
  -- With its last field a hash is gone, and its time to live with it: the field '' stays in place of all others.
  local guarded = redis.call('HLEN', key) <= #gone
  if guarded then redis.call('HSET', key, '', '') end
  for _, field in ipairs(gone) do redis.call('HDEL', key, field) end
  if guarded and redis.call('HLEN', key) > 1 then redis.call('HDEL', key, '') end
end

if ARGV[1] == 'PX' then redis.call('PEXPIRE', key, ARGV[2])
elseif ARGV[1] == 'PXAT' then redis.call('PEXPIREAT', key, ARGV[2])
elseif ARGV[1] == '' then redis.call('PERSIST', key) end
return reply
