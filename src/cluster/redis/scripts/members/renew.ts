import { NOW, Script } from "../../script.ts";

/**
 * Renews the place of a host.
 *
 * KEYS: the host, the index of all hosts, the prefix of the indexes by configuration, the messages of the instance.
 * ARGV: name, instance, digest, card, TTL in milliseconds, `1` to take over.
 * Returns `{0, holder}` if another instance has the name, else `{1, hosts, hosts with this configuration, messages}`.
 */
export const RENEW = new Script(
	"members.renew",
	`${NOW}
local at = now()
local ttl = tonumber(ARGV[5])
local size = redis.call('HSTRLEN', KEYS[1], 'instance')
if size > 0 and ARGV[6] ~= '1' then
  local holder = ''
  if size == #ARGV[2] then holder = redis.call('HGET', KEYS[1], 'instance') end
  if holder ~= ARGV[2] then return {0, holder} end
end
if redis.call('HSTRLEN', KEYS[1], 'digest') == #ARGV[3] then
  local before = redis.call('HGET', KEYS[1], 'digest')
  if before ~= ARGV[3] then redis.call('ZREM', KEYS[3] .. ':' .. before, ARGV[1]) end
end
redis.call('HSET', KEYS[1], 'instance', ARGV[2], 'digest', ARGV[3], 'card', ARGV[4], 'at', at)
redis.call('PEXPIRE', KEYS[1], ttl)
local counts = {}
for index, key in ipairs({KEYS[2], KEYS[3] .. ':' .. ARGV[3]}) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', at)
  redis.call('ZADD', key, at + ttl, ARGV[1])
  redis.call('PEXPIRE', key, ttl)
  counts[index] = redis.call('ZCARD', key)
end
return {1, counts[1], counts[2], redis.call('LLEN', KEYS[4])}
`,
);
