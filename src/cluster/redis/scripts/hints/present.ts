import { NOW, Script } from "../../script.ts";

/**
 * Returns the hints that have not ended, as a list of host, rest of the time and hint, and before them the number of values that were refused.
 *
 * KEYS: index of hosts. ARGV: prefix of the hashes of hosts, most hosts, most hints of a host, most hints, most bytes of a hint.
 */
export const PRESENT_HINTS = new Script(
	"hints.present",
	`${NOW}
local prefix, mostHosts, mostHints, most, bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local at = now()
local type = redis.call('TYPE', KEYS[1]).ok
if type ~= 'none' and type ~= 'zset' then return redis.error_reply('INVALID ' .. KEYS[1] .. ' is a ' .. type) end
local found, refused = {0}, 0
for _, host in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. at, 'LIMIT', 0, mostHosts)) do
  local key = prefix .. host
  local kind = redis.call('TYPE', key).ok
  if kind == 'hash' and #host <= 64 and redis.call('HLEN', key) <= 2 * mostHints + 64 then
    for _, subject in ipairs(redis.call('HKEYS', key)) do
      if #found >= 3 * most then break end
      if redis.call('HSTRLEN', key, subject) > bytes + 20 then refused = refused + 1
      else
        local value = redis.call('HGET', key, subject)
        local till, hint = string.match(value, '^(%d+)|(.*)$')
        if not till then refused = refused + 1
        elseif tonumber(till) > at then
          found[#found + 1] = host
          found[#found + 1] = string.format('%d', tonumber(till) - at)
          found[#found + 1] = hint
        end
      end
    end
  elseif kind ~= 'none' then refused = refused + 1 end
end
found[1] = refused
return found
`,
);
