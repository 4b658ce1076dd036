import { MAX_TAKEN_BYTES } from "../../../run-bounds.ts";
import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/** Takes runs. Arguments: worker, most running ones, most to take, time of the leases, beginning of the tokens. Returns the runs, and the changes. */
export const TAKE_RUNS = new Script(
	"take runs",
	`${WRITES}
local worker, places, most, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
tidy(math.max(32, most))
local taken, bytes, steps = {}, 0, 0
local running = call('ZCARD', RUNNING)

local function start(run, input)
  local time = sane(call('ZSCORE', TURNS, run.guest))
  leave(run)
  local next_time = time + 1 / run.weight
  if call('EXISTS', queue_of(run.guest)) == 1 then call('ZADD', TURNS, next_time, run.guest)
  else call('ZADD', SERVED, next_time, run.guest) end
  if time > stored('time') then call('HSET', STATE, 'time', string.format('%.17g', time)) end
  for _, guest in ipairs(call('ZRANGEBYSCORE', SERVED, '-inf', time, 'LIMIT', 0, 20)) do call('ZREM', SERVED, guest) end
  call('ZADD', RUNNING, NOW + lease, run.id)
  local attempt, token = run.attempt + 1, ARGV[5] .. #taken
  call('HSET', run.key, 'state', 'running', 'attempt', attempt, 'token', token, 'worker', worker, 'started', NOW)
  running = running + 1
  bytes = bytes + #input
  taken[#taken + 1] = {
    run.id, run.guest, input, run.attempts, attempt, token, run.submitted,
    run.deadline and run.deadline - NOW or false, run.timeout or false, run.trace or false
  }
end

while #taken < most and running < places and bytes < ${MAX_TAKEN_BYTES} and steps < most + 32 do
  steps = steps + 1
  local guest = call('ZRANGE', TURNS, 0, 0)[1]
  if guest == nil then
    -- A run without a place in a queue: another program has removed the queue.
    local lost = call('ZRANGE', QUEUED, 0, 0)[1]
    if lost == nil then break end
    local run, bad = load(lost)
    if run and run.state == 'queued' then enqueue(run, false)
    elseif run then call('ZREM', QUEUED, lost)
    else drop(lost, bad) end
  elseif #guest > MAX_NAME then call('ZREM', TURNS, guest)
  else
    local queue = queue_of(guest)
    local id = call('ZRANGE', queue, 0, 0)[1]
    if id == nil then step_back(guest)
    else
      local run, bad = load(id)
      local input = run and run.state == 'queued' and run.guest == guest and content(base .. 'input:' .. id)
      if input then start(run, input)
      else
        call('ZREM', queue, id)
        if not run then drop(id, bad)
        elseif run.state == 'queued' and run.guest == guest then finalize(run, 'poisoned') end
        if call('EXISTS', queue) == 0 then step_back(guest) end
      end
    end
  end
end
if #taken > 0 then
  call('PEXPIRE', STATE, DAY)
  call('PEXPIRE', SERVED, DAY)
end
return {taken, changes}
`,
);
