import { Script } from "../../script.ts";

/** Deletes the right to change all hosts if this instance has it. KEYS: the right. ARGV: instance. */
export const RELEASE = new Script(
	"members.release",
	`
if redis.call('STRLEN', KEYS[1]) == #ARGV[1] and redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`,
);
