import { MAX_CONTENT_BYTES, MAX_NAME_BYTES } from "../../../run-bounds.ts";
import { NOW } from "../../script.ts";

/**
 * Beginning of every script of runs. KEYS[1] is the prefix of the keys of an agent. All keys that a script derives have its hash tag.
 *
 * | key | type | holds |
 * | --- | --- | --- |
 * | `run:<id>` | hash | a run, without contents. Small values, so that the server keeps the hash compact |
 * | `input:<id>`, `outcome:<id>` | string | contents |
 * | `events:<id>` | stream | events. The ids are positions: offset in bytes, and number |
 * | `once:<digest>` | string | the run of an idempotency key |
 * | `queue:<guest>` | sorted set | runs that may start, by class and sequence |
 * | `later:<guest>` | sorted set | runs of the guest that wait for their time |
 * | `turns`, `served` | sorted set | guests with runs in the queue, and guests without, by virtual time |
 * | `queued`, `delayed`, `deadlines`, `running`, `ended` | sorted set | runs, by a time |
 * | `all`, `poisoned` | sorted set | runs, by sequence |
 * | `state` | hash | the present virtual time, and the last sequence |
 *
 * A server without free memory refuses a script at its first write, if that write needs memory, and never later. So scripts that add begin with
 * such a write, and scripts that must work on a full server begin with a write that frees memory. No script stops half way.
 *
 * Foreign values: the types of all keys are checked before the first write, and sizes before a value is read. A foreign value at the key of one guest or
 * run is removed, and the others go on. At a key of the whole agent, the script fails.
 */
const BASE = `${NOW}
local base = KEYS[1] .. ':'
local call = redis.call
local NOW = now()
local TURNS, SERVED, STATE = base .. 'turns', base .. 'served', base .. 'state'
local QUEUED, DELAYED, DEADLINES = base .. 'queued', base .. 'delayed', base .. 'deadlines'
local RUNNING, ENDED, ALL, POISONED = base .. 'running', base .. 'ended', base .. 'all', base .. 'poisoned'
local MAX_NAME, MAX_CONTENT, DAY = ${MAX_NAME_BYTES}, ${MAX_CONTENT_BYTES}, 86400000
local WAITING = {delayed = true, queued = true}
local ENDS = {completed = true, failed = true, cancelled = true, expired = true, poisoned = true}

local function keytype(key) return call('TYPE', key).ok end
local function invalid(what) return redis.error_reply('INVALID ' .. what .. ' is none of this version') end

-- Returns the reply for a foreign value at a key of the agent.
local function foreign()
  for _, key in ipairs({TURNS, SERVED, QUEUED, DELAYED, DEADLINES, RUNNING, ENDED, ALL, POISONED}) do
    local found = keytype(key)
    if found ~= 'zset' and found ~= 'none' then return invalid('the value of ' .. key) end
  end
  local found = keytype(STATE)
  if found ~= 'hash' and found ~= 'none' then return invalid('the value of ' .. STATE) end
end

-- Returns a key after the removal of a foreign value.
local function only(key, wanted)
  local found = keytype(key)
  if found ~= wanted and found ~= 'none' then call('UNLINK', key) end
  return key
end
local function queue_of(guest) return only(base .. 'queue:' .. guest, 'zset') end
local function later_of(guest) return only(base .. 'later:' .. guest, 'zset') end

-- Returns a content, or nil for a foreign value.
local function content(key)
  if keytype(key) ~= 'string' or call('STRLEN', key) > MAX_CONTENT then return nil end
  return call('GET', key)
end

local NUMBERS = {
  priority = 9, weight = 1e6, sequence = 2^49, attempt = 100, attempts = 100, submitted = 2^52, keep = 2^36, cancel = 1,
  maxevents = 2^26, offset = 2^49, count = 2^49
}
local OPTIONAL = {deadline = 2^52, span = 2^36, timeout = 2^36, started = 2^52, ended = 2^52}
local TEXTS = {'guest', 'state', 'token', 'worker', 'once', 'trace'}
local FIELDS = {}
for name in pairs(NUMBERS) do FIELDS[#FIELDS + 1] = name end
for name in pairs(OPTIONAL) do FIELDS[#FIELDS + 1] = name end
for _, name in ipairs(TEXTS) do FIELDS[#FIELDS + 1] = name end

local function run_key(id) return base .. 'run:' .. id end

-- Returns the fields of a run, or nil for no run or a foreign value. The second result is true for a foreign value.
local function load(id)
  if #id > 2 * MAX_NAME then return nil, true end
  local key = run_key(id)
  local found = keytype(key)
  if found == 'none' then return nil, false end
  if found ~= 'hash' then return nil, true end
  local fields = {}
  local encoding = call('OBJECT', 'ENCODING', key)
  if (encoding == 'listpack' or encoding == 'ziplist') and call('HLEN', key) <= 64 then
    local flat = call('HGETALL', key)
    for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  else
    for _, name in ipairs(FIELDS) do
      if call('HSTRLEN', key, name) > MAX_NAME then return nil, true end
    end
    for i, value in ipairs(call('HMGET', key, unpack(FIELDS))) do fields[FIELDS[i]] = value or nil end
  end
  local run = {id = id, key = key}
  for _, name in ipairs(TEXTS) do
    run[name] = fields[name]
    if run[name] and #run[name] > MAX_NAME then return nil, true end
  end
  for name, most in pairs(NUMBERS) do
    local number = tonumber(fields[name])
    if not number or not (number >= 0 and number <= most) or number % 1 ~= 0 then return nil, true end
    run[name] = number
  end
  for name, most in pairs(OPTIONAL) do
    if fields[name] then
      local number = tonumber(fields[name])
      if not number or not (number >= 0 and number <= most) or number % 1 ~= 0 then return nil, true end
      run[name] = number
    end
  end
  if not run.guest or run.weight < 1 or not (WAITING[run.state] or ENDS[run.state] or run.state == 'running') then return nil, true end
  return run, false
end

-- Returns the run of an attempt, or nil if the attempt was taken over or has ended. The second result is as that of load.
local function held(id, token)
  local run, bad = load(id)
  if run and run.state == 'running' and run.token == token then return run, false end
  return nil, bad
end

-- Returns a run for a caller.
local function row(run)
  return {
    run.id, run.guest, run.state, run.attempt, run.attempts, run.priority, run.submitted,
    run.started or false, run.ended or false, run.worker or false, run.cancel
  }
end
`;

/** Functions of scripts that move runs. */
const MOVES = `
local changes = {}
local function changed(kind, id) changes[#changes + 1] = kind; changes[#changes + 1] = id end

-- Returns a virtual time that is a number in range.
local function sane(value)
  local time = tonumber(value)
  if not time or not (time > -1e15 and time < 1e15) then return 0 end
  return time
end

local function stored(field)
  if call('HSTRLEN', STATE, field) > 32 then return 0 end
  return sane(call('HGET', STATE, field))
end

-- Adds a guest to the turns, at the present virtual time or its own later one.
local function join(guest)
  if call('ZSCORE', TURNS, guest) then return end
  local first = call('ZRANGE', TURNS, 0, 0, 'WITHSCORES')
  local time = first[2] and sane(first[2]) or stored('time')
  local own = sane(call('ZSCORE', SERVED, guest))
  call('ZADD', TURNS, math.max(time, own), guest)
  call('ZREM', SERVED, guest)
end

-- Removes a guest without runs in the queue from the turns.
local function step_back(guest)
  local time = call('ZSCORE', TURNS, guest)
  if not time then return end
  call('ZREM', TURNS, guest)
  call('ZADD', SERVED, sane(time), guest)
end

-- Removes a run from every place of waiting and running ones. The first write frees memory.
local function leave(run)
  local queue = queue_of(run.guest)
  call('ZREM', queue, run.id)
  if call('EXISTS', queue) == 0 then step_back(run.guest) end
  call('ZREM', later_of(run.guest), run.id)
  for _, index in ipairs({QUEUED, DELAYED, DEADLINES, RUNNING}) do call('ZREM', index, run.id) end
end

local function wait(run, state)
  if run.deadline then call('ZADD', DEADLINES, run.deadline, run.id) end
  call('HSET', run.key, 'state', state)
  call('HDEL', run.key, 'worker')
  run.state = state
end

-- Puts a run into the queue of its guest. 'first': before all others.
local function enqueue(run, first)
  local class = first and 0 or 10 - run.priority
  call('ZADD', queue_of(run.guest), class * 2^49 + run.sequence, run.id)
  call('ZADD', QUEUED, NOW, run.id)
  join(run.guest)
  wait(run, 'queued')
  changed('queued', run.id)
end

local function delay(run, due)
  call('ZADD', later_of(run.guest), due, run.id)
  call('ZADD', DELAYED, due, run.id)
  wait(run, 'delayed')
end

local function contents(id) return {base .. 'input:' .. id, base .. 'outcome:' .. id, base .. 'events:' .. id} end

-- Ends a run. Its keys, and those of an agent without further runs, end after their time.
local function finalize(run, state)
  leave(run)
  if state ~= 'poisoned' then call('UNLINK', base .. 'input:' .. run.id) end
  call('HSET', run.key, 'state', state, 'ended', NOW)
  call('HDEL', run.key, 'worker')
  run.state = state
  call('PEXPIRE', run.key, run.keep)
  for _, key in ipairs(contents(run.id)) do call('PEXPIRE', key, run.keep) end
  if run.once then call('PEXPIRE', base .. 'once:' .. run.once, run.keep) end
  if state == 'poisoned' then call('ZADD', POISONED, run.sequence, run.id) end
  call('ZADD', ENDED, NOW + run.keep, run.id)
  changed('ended', run.id)
  if call('EXISTS', QUEUED, DELAYED, RUNNING) == 0 then
    local last = call('ZRANGE', ENDED, -1, -1, 'WITHSCORES')
    local left = math.max(1000, math.min(sane(last[2]) - NOW + 1000, 2^40))
    for _, index in ipairs({ENDED, ALL, POISONED}) do call('PEXPIRE', index, math.ceil(left)) end
  end
end

-- Puts a run whose attempt ended without an outcome back, before the others of its guest.
local function give_back(run)
  leave(run)
  call('HDEL', run.key, 'token')
  if run.cancel == 1 then finalize(run, 'cancelled')
  elseif run.deadline and run.deadline <= NOW then finalize(run, 'expired')
  elseif run.attempt >= run.attempts then finalize(run, 'poisoned')
  else enqueue(run, true) end
end

-- Removes a run that is unknown or a foreign value. A foreign value is deleted a day later, so that an operator can see it.
local function drop(id, bad)
  for _, index in ipairs({QUEUED, DELAYED, DEADLINES, RUNNING}) do call('ZREM', index, id) end
  if bad and #id <= 2 * MAX_NAME then call('ZADD', ENDED, NOW + DAY, id)
  else
    call('ZREM', ALL, id)
    call('ZREM', POISONED, id)
    call('ZREM', ENDED, id)
  end
end

-- Calls 'act' with the runs of an index that are due. 'limit' bounds the work of a call.
local function each_due(index, limit, act)
  for _, id in ipairs(call('ZRANGEBYSCORE', index, '-inf', NOW, 'LIMIT', 0, limit)) do
    call('ZREM', index, id)
    local run, bad = load(id)
    if run then act(run) else drop(id, bad) end
  end
end

-- Does what is due by time, within a bound.
local function tidy(limit)
  for _, id in ipairs(call('ZRANGEBYSCORE', ENDED, '-inf', NOW, 'LIMIT', 0, limit)) do
    for _, index in ipairs({ENDED, ALL, POISONED}) do call('ZREM', index, id) end
    if #id <= 2 * MAX_NAME then call('UNLINK', run_key(id), unpack(contents(id))) end
  end
  each_due(DEADLINES, limit, function(run) if WAITING[run.state] then finalize(run, 'expired') end end)
  each_due(DELAYED, limit, function(run)
    call('ZREM', later_of(run.guest), run.id)
    if run.state == 'delayed' then enqueue(run, false) end
  end)
  each_due(RUNNING, limit, function(run) if run.state == 'running' then give_back(run) end end)
  -- A lease longer than any is left from before the server's clock was set back.
  local last = call('ZRANGE', RUNNING, -1, -1, 'WITHSCORES')
  if last[2] and sane(last[2]) > NOW + 7200000 then call('ZREM', RUNNING, last[1]); call('ZADD', RUNNING, NOW + 60000, last[1]) end
end
`;

/** Lua code at the beginning of scripts that only read. */
export const READS = BASE;

/** Lua code at the beginning of scripts that also write. Returns from the script for a foreign value at a key of the agent. */
export const WRITES = `${BASE}${MOVES}
local fault = foreign()
if fault then return fault end
`;
