import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/** Returns the numbers of waiting, running and poisoned runs, the time for which the oldest has waited, and the changes. */
export const COUNT_RUNS = new Script(
	"count runs",
	`${WRITES}
tidy(16)
local oldest = call('ZRANGE', QUEUED, 0, 0, 'WITHSCORES')
local waited = oldest[2] and math.max(0, NOW - sane(oldest[2])) or 0
return {call('ZCARD', QUEUED) + call('ZCARD', DELAYED), call('ZCARD', RUNNING), call('ZCARD', POISONED), math.floor(waited), changes}
`,
);
