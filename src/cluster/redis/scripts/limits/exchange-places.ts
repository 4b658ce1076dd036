import { PLACES_CLAIM_MS, PLACES_MS } from "../../../limits.ts";
import { NOW, Script } from "../../script.ts";

/**
 * Exchanges places of one limit. The first of KEYS is a hash: the places by host (`h:<host>`), their sum (`sum`), and the claim of a host
 * that waits. The second is a sorted set of the hosts by the expiry of their places. ARGV: host, limit, target, 1 if requests wait, channel for news, name of the limit.
 */
export const EXCHANGE_PLACES = new Script(
	"limits.exchange-places",
	`${NOW}
local at = now()
local host, limit, target, waiting = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local function refuse(what) return redis.error_reply('INVALID ' .. what) end
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'none' and kind ~= 'hash' then return refuse('a key of type ' .. kind) end
kind = redis.call('TYPE', KEYS[2]).ok
if kind ~= 'none' and kind ~= 'zset' then return refuse('a key of type ' .. kind) end
local function get(field)
  if redis.call('HSTRLEN', KEYS[1], field) > 128 then return nil, true end
  local value = redis.call('HGET', KEYS[1], field)
  return value or nil
end
local function whole(field)
  local value, long = get(field)
  if long then return nil end
  value = tonumber(value or '0')
  if value == nil or value ~= value or value < 0 or value > 1e15 then return nil end
  return math.floor(value)
end
local sum = whole('sum')
if sum == nil then return refuse('a sum of places that is none') end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', at, 'LIMIT', 0, 1000)) do
  sum = sum - (whole('h:' .. dead) or 0)
  redis.call('HDEL', KEYS[1], 'h:' .. dead)
  redis.call('ZREM', KEYS[2], dead)
end
if redis.call('ZCARD', KEYS[2]) == 0 then sum = 0 end
local mine = whole('h:' .. host)
local claim_until, claim_host = whole('claim-until'), get('claim-host')
if mine == nil or claim_until == nil then return refuse('a number of places that is none') end
if claim_until > at + ${PLACES_CLAIM_MS} then claim_until = 0 end
local others = claim_until > at and claim_host ~= host
local free = limit - math.max(sum, mine)
if others then free = free - 1 end
local count = target
if target > mine then count = mine + math.max(0, math.min(target - mine, free)) end
sum = math.max(sum, mine) - mine + count
if count > 0 then
  redis.call('HSET', KEYS[1], 'h:' .. host, count, 'sum', sum)
  redis.call('ZADD', KEYS[2], at + ${PLACES_MS}, host)
else
  redis.call('HDEL', KEYS[1], 'h:' .. host)
  redis.call('HSET', KEYS[1], 'sum', sum)
  redis.call('ZREM', KEYS[2], host)
end
local news = others and count < mine
if claim_host == host and claim_until > 0 and (count >= target or not waiting) then
  redis.call('HDEL', KEYS[1], 'claim-host', 'claim-until')
end
if waiting and count < target and not others then
  news = claim_host ~= host or claim_until <= at
  redis.call('HSET', KEYS[1], 'claim-host', host, 'claim-until', string.format('%.0f', at + ${PLACES_CLAIM_MS}))
end
redis.call('PEXPIRE', KEYS[1], ${2 * PLACES_MS})
redis.call('PEXPIRE', KEYS[2], ${2 * PLACES_MS})
if news then redis.call('PUBLISH', ARGV[5], ARGV[6]) end
local hosts = redis.call('ZCARD', KEYS[2])
if others and not redis.call('ZSCORE', KEYS[2], claim_host) then hosts = hosts + 1 end
if waiting and count == 0 then hosts = hosts + 1 end
return {count, math.max(hosts, 1), others and 1 or 0}
`,
);
