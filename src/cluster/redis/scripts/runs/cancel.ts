import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/** Cancels a run. Argument: id. Returns the state before or nothing, and the changes. */
export const CANCEL_RUN = new Script(
	"cancel run",
	`${WRITES}
tidy(16)
local run, bad = load(ARGV[1])
if bad then return invalid('the run ' .. ARGV[1]) end
if not run then return {false, changes} end
local before = run.state
if before == 'running' then
  call('PERSIST', run.key) -- Needs no memory, so that a run on a full server is cancelled too.
  call('HSET', run.key, 'cancel', 1)
  changed('cancelled', run.id)
elseif WAITING[before] then finalize(run, 'cancelled') end
return {before, changes}
`,
);
