import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/**
 * Adds a run. Arguments: id, guest, weight, input, priority, delay, deadline, timeout, attempts, time to keep, most pending runs, bytes of events, digest of the
 * idempotency key, trace context; "" for an absent one. Returns the id of the run, 1 for a new run, 0 for an existing one or -1 for too many, and the changes.
 */
export const SUBMIT_RUN = new Script(
	"submit run",
	`${WRITES}
local id, guest, once = ARGV[1], ARGV[2], ARGV[13]
local deadline, delay_ms = tonumber(ARGV[7]), tonumber(ARGV[6])
if keytype(run_key(id)) ~= 'none' then return {id, 0, changes} end
local once_key = base .. 'once:' .. once
if once ~= '' and keytype(once_key) == 'string' and call('STRLEN', once_key) <= 2 * MAX_NAME then
  local existing = call('GET', once_key)
  if keytype(run_key(existing)) == 'hash' then return {existing, 0, changes} end
end
local function pending() return call('ZCARD', queue_of(guest)) + call('ZCARD', later_of(guest)) end
if pending() >= tonumber(ARGV[11]) then
  tidy(16)
  if pending() >= tonumber(ARGV[11]) then return {id, -1, changes} end
end
local last = stored('sequence')
if last > 2^48 then last = 0 end
local sequence = math.max(last + 1, (NOW - 1735689600000) * 64)
local run = {id = id, key = run_key(id), guest = guest, priority = tonumber(ARGV[5]), sequence = sequence}
local fields = {
  'guest', guest, 'weight', ARGV[3], 'priority', ARGV[5], 'attempts', ARGV[9], 'keep', ARGV[10], 'maxevents', ARGV[12],
  'sequence', sequence, 'submitted', NOW, 'attempt', 0, 'cancel', 0, 'offset', 0, 'count', 0, 'state', 'queued'
}
local function also(name, value) fields[#fields + 1] = name; fields[#fields + 1] = value end
if deadline then
  run.deadline = NOW + deadline
  also('deadline', run.deadline)
  also('span', deadline)
end
if ARGV[8] ~= '' then also('timeout', ARGV[8]) end
if ARGV[14] ~= '' then also('trace', ARGV[14]) end
if once ~= '' then also('once', once) end
call('HSET', run.key, unpack(fields))
call('SET', base .. 'input:' .. id, ARGV[4])
if once ~= '' then call('SET', once_key, id) end
call('HSET', STATE, 'sequence', sequence)
call('PEXPIRE', STATE, DAY)
call('ZADD', ALL, sequence, id)
for _, index in ipairs({ENDED, ALL, POISONED}) do call('PERSIST', index) end
if delay_ms > 0 then delay(run, NOW + delay_ms) else enqueue(run, false) end
tidy(16)
return {id, 1, changes}
`,
);
