import { NOW, Script } from "../../script.ts";

/**
 * Enters a guest with a content that ends. An entry that is earlier moves by one millisecond: so a host that found nothing meanwhile does not remove the entry.
 * ARGV: guest, time until then in ms.
 */
export const SCHEDULE_GUEST = new Script(
	"schedule media",
	`${NOW}
local at = now() + tonumber(ARGV[2])
local present = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '')
if present and present <= at then at = present - 1 end
redis.call('ZADD', KEYS[1], at, ARGV[1])
return 1`,
);

/** Takes guests with due contents for a lease. ARGV: most guests, lease in ms, longest name. Returns guests and the times of their new entries, alternating. */
export const CLAIM_GUESTS = new Script(
	"claim media",
	`${NOW}
local time = now()
local claimed = {}
for _, guest in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', time, 'LIMIT', 0, tonumber(ARGV[1]))) do
  if #guest > tonumber(ARGV[3]) then redis.call('ZREM', KEYS[1], guest)
  else
    local at = time + tonumber(ARGV[2])
    redis.call('ZADD', KEYS[1], at, guest)
    claimed[#claimed + 1] = guest
    claimed[#claimed + 1] = string.format('%.0f', at)
  end
end
return claimed`,
);

/** Ends a claim. An entry that another host has changed stays. ARGV: guest, time of the claim's entry, time until the next content is due in ms or -1. */
export const RELEASE_GUEST = new Script(
	"release media",
	`${NOW}
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '') ~= tonumber(ARGV[2]) then return 0 end
local wait = tonumber(ARGV[3])
if wait < 0 then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], now() + wait, ARGV[1]) end
return 1`,
);
