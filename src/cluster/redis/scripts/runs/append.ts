import { EVENT_OVERHEAD_BYTES } from "../../../run-bounds.ts";
import { Script } from "../../script.ts";
import { READS } from "./library.ts";

/** Appends events. Arguments: id, token, then the events. Returns 1; 0 if the attempt was taken over or has ended. */
export const APPEND_EVENTS = new Script(
	"append events",
	`${READS}
local run, bad = held(ARGV[1], ARGV[2])
if bad then return invalid('the run ' .. ARGV[1]) end
if not run then return 0 end
local key = base .. 'events:' .. run.id
local found = keytype(key)
if found ~= 'stream' and found ~= 'none' then return invalid('the value of ' .. key) end
for i = 3, #ARGV do
  run.count = run.count + 1
  call('XADD', key, string.format('%.0f-%.0f', run.offset, run.count), 'a', run.attempt, 'c', ARGV[i])
  run.offset = run.offset + #ARGV[i] + ${EVENT_OVERHEAD_BYTES}
end
if run.offset > run.maxevents then call('XTRIM', key, 'MINID', '=', string.format('%.0f', run.offset - run.maxevents)) end
call('HSET', run.key, 'offset', run.offset, 'count', run.count)
return 1
`,
);
