import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/** Returns a run or nothing, its outcome or nothing, and the changes. Argument: id. */
export const RUN_STATUS = new Script(
	"status of run",
	`${WRITES}
tidy(16)
local run, bad = load(ARGV[1])
if bad then return invalid('the run ' .. ARGV[1]) end
if not run then return {false, false, changes} end
if run.deadline and run.deadline <= NOW and WAITING[run.state] then
  finalize(run, 'expired')
  run.ended, run.worker = NOW, nil
end
local key = base .. 'outcome:' .. run.id
local outcome = content(key)
if not outcome and call('EXISTS', key) == 1 then return invalid('the value of ' .. key) end
return {row(run), outcome or false, changes}
`,
);
