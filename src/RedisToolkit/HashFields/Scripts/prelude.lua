-- The beginning of every script on hash fields: what server this is, what time it is there, what is known of a field.
-- It is put in front of each of them, and by itself changes nothing.
-- KEYS[1]  the hash
-- KEYS[2]  its deadlines: a sorted set, field -> unix milliseconds + mark / 1024. It is there only while fields have deadlines that
--          the server does not keep itself. The mark, 1 to 1023, is of the value that the deadline was given to.
-- ARGV[1]  'automatic': the server keeps the deadlines where it can; 'portable': they are kept in KEYS[2] everywhere
-- errors   FIELDDEADLINES: KEYS[2] is not what these scripts wrote; WRONGTYPE. In both cases nothing was changed.
local hash, deadlines = KEYS[1], KEYS[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local EARLIEST, LATEST = 2 ^ 40, 2 ^ 43    -- the years 2004 and 2248; below 2^43 a double keeps ten bits behind the point

-- Asks the server itself whether it knows the command, and whether this user may use it; nothing is executed.
local known, allowed = pcall(redis.acl_check_cmd, 'HPEXPIREAT', hash, 1, 'FIELDS', 1, 'f')
local capable = known and allowed
local native = capable and ARGV[1] == 'automatic'

local function refuse(what)
  error({ err = 'FIELDDEADLINES ' .. what })
end

local holds, beside = redis.call('TYPE', hash).ok, redis.call('TYPE', deadlines).ok
if holds ~= 'none' and holds ~= 'hash' then
  error({ err = 'WRONGTYPE Operation against a key holding the wrong kind of value' })
end
if beside ~= 'none' and beside ~= 'zset' then refuse('it holds a ' .. beside) end
beside = beside == 'zset'

-- A value that others wrote has another mark (but for 1 in 1023): as on a server that keeps deadlines itself, it has none then.
local function mark(value)
  return tonumber(string.sub(redis.sha1hex(value), 1, 7), 16) % 1023 + 1
end

-- The deadline and the mark in a score, or nothing if no script of ours wrote it.
local function parse(score)
  local whole = tonumber(score)
  if not whole or not (whole >= EARLIEST and whole < LATEST) then return nil end
  local at = math.floor(whole)
  local of = (whole - at) * 1024
  if of == 0 or of ~= math.floor(of) then return nil end
  return at, of
end

-- The deadline and the mark that stand beside the hash.
local function entry(field)
  if not beside then return nil end
  local score = redis.call('ZSCORE', deadlines, field)
  if not score then return nil end
  local at, of = parse(score)
  if not at then refuse('the score of a field is ' .. score) end
  return at, of
end

-- The deadline that the server itself keeps.
local function own(field)
  if not capable then return nil end
  local at = redis.call('HPEXPIRETIME', hash, 'FIELDS', 1, field)[1]
  return at > 0 and at or nil
end

-- The deadline of a field that holds the value, passed or not; nil if it is kept for ever.
local function deadline_of(field, value)
  local at, of = entry(field)
  local kept = own(field)
  if kept then return kept end
  return at and of == mark(value) and at or nil
end

-- Whether an entry beside the hash says that the field, which holds the value, is no more.
local function is_dead(field, value, at, of)
  return at and at <= now and of == mark(value) and not own(field)
end

-- The value of a field; false if there is none, or its time has run out.
local function read(field)
  local value = redis.call('HGET', hash, field)
  if value and beside then
    local at, of = entry(field)
    if is_dead(field, value, at, of) then return false end
  end
  return value
end

-- When a time to live ends: 'never', milliseconds from now, or '@' and unix milliseconds.
local function instant(ttl)
  if ttl == 'never' then return nil end
  local at = string.sub(ttl, 1, 1) == '@' and tonumber(string.sub(ttl, 2)) or now + tonumber(ttl)
  if at >= LATEST then error({ err = 'ERR a deadline would lie behind the year 2248: the clock of the server is wrong' }) end
  return at
end

-- Gives a field, which holds the value, a deadline, or with nil none. Returns 1, or 2 if it has passed and the field is deleted.
local function set_deadline(field, value, at)
  if at and at <= now then
    redis.call('HDEL', hash, field)
    if beside then redis.call('ZREM', deadlines, field) end
    return 2
  end
  if native then
    if at then redis.call('HPEXPIREAT', hash, at, 'FIELDS', 1, field) else redis.call('HPERSIST', hash, 'FIELDS', 1, field) end
    return 1
  end
  if at then
    redis.call('ZADD', deadlines, string.format('%.17g', at + mark(value) / 1024), field)
    beside = true
  elseif beside then
    redis.call('ZREM', deadlines, field)
  end
  if capable then redis.call('HPERSIST', hash, 'FIELDS', 1, field) end
  return 1
end

local function write(field, value, at)
  redis.call('HSET', hash, field, value)
  if at or not native then set_deadline(field, value, at) end
end

-- Hands all deadlines beside the hash over to the server. One that the server keeps already is newer. Returns how many.
local function migrate()
  local moved, all = 0, redis.call('ZRANGE', deadlines, 0, -1, 'WITHSCORES')
  for i = 2, #all, 2 do
    if not parse(all[i]) then refuse('the score of a field is ' .. all[i]) end
  end
  for i = 1, #all, 2 do
    local value, at, of = redis.call('HGET', hash, all[i]), parse(all[i + 1])
    if value and of == mark(value) and not own(all[i]) then
      redis.call('HPEXPIREAT', hash, at, 'FIELDS', 1, all[i])
      moved = moved + 1
    end
  end
  redis.call('DEL', deadlines)
  beside = false
  return moved
end

-- Removes fields whose deadlines beside the hash have passed. Returns how many, and how many entries were looked at.
local function sweep(most)
  if not beside then return 0, 0 end
  local removed = 0
  local due = redis.call('ZRANGEBYSCORE', deadlines, EARLIEST, string.format('(%.0f', now + 1), 'WITHSCORES', 'LIMIT', 0, most)
  for i = 1, #due, 2 do
    local at, of = parse(due[i + 1])
    if at then
      local value = redis.call('HGET', hash, due[i])
      if value and is_dead(due[i], value, at, of) then
        redis.call('HDEL', hash, due[i])
        removed = removed + 1
      end
      redis.call('ZREM', deadlines, due[i])
    end
  end
  return removed, #due / 2
end

-- Before a script writes: deadlines of a hash that is gone mean nothing, and those the server can keep become its own.
local function begin()
  if not beside then return 0 end
  if holds == 'hash' then return native and migrate() or 0 end
  redis.call('DEL', deadlines)
  beside = false
  return 0
end

-- After a script has written: a little is swept, and the deadlines live as long as the hash does.
local function finish(most)
  local removed, looked = sweep(most or 16)
  if beside then
    local ends = redis.call('PEXPIRETIME', hash)
    if ends == -2 then redis.call('DEL', deadlines)
    elseif ends == -1 then redis.call('PERSIST', deadlines)
    else redis.call('PEXPIREAT', deadlines, ends) end
  end
  return removed, looked
end
