import { NOW, Script } from "../../script.ts";

/**
 * Keeps hints of a host, and sends them to all hosts.
 *
 * KEYS: index of hosts by the end of their last hint, hash of the host: subject → `<end>|<hint>`. ARGV: host, channel, most hosts, most hints of
 * the host, prefix of the hashes, and then subject, hint and time of each.
 */
export const PUBLISH_HINTS = new Script(
	"hints.publish",
	`${NOW}
local host, channel, prefix = ARGV[1], ARGV[2], ARGV[5]
local mostHosts, mostHints = tonumber(ARGV[3]), tonumber(ARGV[4])
local at = now()
for _, key in ipairs(KEYS) do
  local type = redis.call('TYPE', key).ok
  local wanted = key == KEYS[1] and 'zset' or 'hash'
  if type ~= 'none' and type ~= wanted then return redis.error_reply('INVALID ' .. key .. ' is a ' .. type) end
end
for i = 6, #ARGV, 3 do
  redis.call('HSET', KEYS[2], ARGV[i], string.format('%d|%s', at + tonumber(ARGV[i + 2]), ARGV[i + 1]))
end
-- Another program may have filled the hash.
if redis.call('HLEN', KEYS[2]) > 2 * mostHints + 64 then redis.call('DEL', KEYS[2]) end
local ends, last = {}, 0
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  local till = tonumber(string.match(all[i + 1], '^(%d+)|')) or 0
  if till <= at then redis.call('HDEL', KEYS[2], all[i])
  else
    ends[#ends + 1] = {till, all[i]}
    if till > last then last = till end
  end
end
if #ends > mostHints then
  table.sort(ends, function(a, b) if a[1] ~= b[1] then return a[1] < b[1] end return a[2] < b[2] end)
  for i = 1, #ends - mostHints do redis.call('HDEL', KEYS[2], ends[i][2]) end
end
if last > 0 then
  redis.call('PEXPIREAT', KEYS[2], last)
  redis.call('ZADD', KEYS[1], last, host)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at)
local over = redis.call('ZCARD', KEYS[1]) - mostHosts
if over > 0 then
  for _, dropped in ipairs(redis.call('ZRANGE', KEYS[1], 0, over - 1)) do redis.call('DEL', prefix .. dropped) end
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, over - 1)
end
local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if newest[2] then redis.call('PEXPIREAT', KEYS[1], math.floor(tonumber(newest[2]))) end
for i = 6, #ARGV, 3 do redis.call('PUBLISH', channel, host .. '\\n' .. ARGV[i + 2] .. '\\n' .. ARGV[i + 1]) end
return 1
`,
);
