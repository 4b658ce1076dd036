import { Script } from "../../script.ts";
import { READS } from "./library.ts";

/** Extends leases. Arguments: time of the leases, then the id and token of each attempt. Returns the state of each. */
export const RENEW_RUNS = new Script(
	"renew runs",
	`${READS}
if keytype(RUNNING) ~= 'zset' then
  if keytype(RUNNING) ~= 'none' then return invalid('the value of ' .. RUNNING) end
end
local states = {}
for i = 2, #ARGV, 2 do
  local run = held(ARGV[i], ARGV[i + 1])
  if run then
    call('PERSIST', run.key) -- Needs no memory, so that a full server extends leases too.
    call('ZADD', RUNNING, NOW + tonumber(ARGV[1]), run.id)
    states[#states + 1] = run.cancel == 1 and 'cancelled' or 'held'
  else states[#states + 1] = 'lost' end
end
return states
`,
);
