import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/** Puts a run that has not started back. Arguments: id, token. Returns the changes. */
export const RELEASE_RUN = new Script(
	"release run",
	`${WRITES}
local run, bad = held(ARGV[1], ARGV[2])
if bad then return invalid('the run ' .. ARGV[1]) end
if not run then return changes end
leave(run)
run.attempt = run.attempt - 1
call('HSET', run.key, 'attempt', run.attempt)
give_back(run)
if run.state == 'queued' then call('ZINCRBY', TURNS, -1 / run.weight, run.guest) end
return changes
`,
);
