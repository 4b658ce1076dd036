import { Script } from "../../script.ts";

/**
 * Acquires or renews the right to change all hosts.
 *
 * KEYS: the right. ARGV: instance, TTL in milliseconds. Returns 1, or 0 if another instance has it.
 */
export const HOLD = new Script(
	"members.hold",
	`
local size = redis.call('STRLEN', KEYS[1])
if size > 0 and not (size == #ARGV[1] and redis.call('GET', KEYS[1]) == ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`,
);
