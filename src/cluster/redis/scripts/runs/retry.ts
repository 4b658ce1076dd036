import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/** Queues a poisoned run again. Argument: id. Returns 1, or 0 for a run in another state, and the changes. */
export const RETRY_RUN = new Script(
	"retry run",
	`${WRITES}
local run, bad = load(ARGV[1])
if bad then return invalid('the run ' .. ARGV[1]) end
if not run or run.state ~= 'poisoned' then return {0, changes} end
call('HSET', run.key, 'attempt', 0)
call('HDEL', run.key, 'token', 'ended')
call('ZREM', POISONED, run.id)
call('ZREM', ENDED, run.id)
call('UNLINK', base .. 'outcome:' .. run.id)
call('PERSIST', run.key)
for _, key in ipairs(contents(run.id)) do call('PERSIST', key) end
if run.once then call('PERSIST', base .. 'once:' .. run.once) end
for _, index in ipairs({ENDED, ALL, POISONED}) do call('PERSIST', index) end
if run.span then
  run.deadline = NOW + run.span
  call('HSET', run.key, 'deadline', run.deadline)
end
enqueue(run, false)
return {1, changes}
`,
);
