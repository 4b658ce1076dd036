import { NOW, Script } from "../../script.ts";

/**
 * Leaves a message, before which stands the time of its expiry.
 *
 * KEYS: the messages of the recipient. ARGV: message, TTL in milliseconds, most messages, channel of the recipient.
 */
export const SEND = new Script(
	"members.send",
	`${NOW}
local ttl = tonumber(ARGV[2])
redis.call('RPUSH', KEYS[1], string.format('%.0f', now() + ttl) .. ':' .. ARGV[1])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[3]), -1)
if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
redis.call('PUBLISH', ARGV[4], '1')
return 1
`,
);
