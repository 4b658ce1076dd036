import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/** Ends an attempt. Arguments: id, token, state, content, delay of the next attempt or "". Returns the state of the run or nothing, and the changes. */
export const FINISH_RUN = new Script(
	"finish run",
	`${WRITES}
local run, bad = load(ARGV[1])
if bad then return invalid('the run ' .. ARGV[1]) end
if not run or run.token ~= ARGV[2] then return {false, changes} end
if run.state ~= 'running' then return {run.state, changes} end
local state, retry_ms = ARGV[3], tonumber(ARGV[5])
leave(run)
call('SET', base .. 'outcome:' .. run.id, ARGV[4])
if state ~= 'failed' then finalize(run, state)
elseif run.cancel == 1 then finalize(run, 'cancelled')
elseif run.deadline and NOW + (retry_ms or 0) >= run.deadline then finalize(run, 'expired')
elseif not retry_ms then finalize(run, 'failed')
elseif run.attempt >= run.attempts then finalize(run, 'poisoned')
elseif retry_ms > 0 then delay(run, NOW + retry_ms)
else enqueue(run, false) end
return {run.state, changes}
`,
);
