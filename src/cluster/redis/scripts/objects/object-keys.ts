import type { StoreKeys } from "../../keys.ts";

const ROOM = "media";

/** Names of the keys of a guest's objects, in the order in which every script receives them. All are in one slot. */
export function objectKeys(keys: StoreKeys, guest: string): readonly string[] {
	return ["records", "live", "writing", "doomed", "sizes", "bytes", "use"].map((part) => keys.key(ROOM, guest, part));
}

/** Name of the key with the guests that have contents to delete, by the time at which the next is due. */
export function guestsKey(keys: StoreKeys): string {
	return keys.key("media-guests", "all");
}

/**
 * Lua of every script on a guest's objects.
 *
 * - `records`: hash, id to `1 <size> <sha256> <media type>`; 1 is the form
 * - `live`: sorted set, id by the end of its lifetime
 * - `writing`: sorted set, id by the time at which its writer counts as dead
 * - `doomed`: sorted set, `o:<id>` or, for an incomplete content, `w:<id>`, by the time at which the deletion is tried next
 * - `sizes`: hash, id to the bytes that count against the quota
 * - `bytes`: sum of `sizes`
 * - `use`: beginning of the keys `<use>:<id>`: sorted set, host by the end of its use
 *
 * A count that is no number fails the script: a value of another program must not widen a quota.
 */
export const OBJECTS = `
local records, live, writing, doomed, sizes, bytes, use = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local function score(value) return tonumber(value or 0) or 0 end
local function number(value)
  if not value then return 0 end
  if #value > 16 or string.find(value, '%D') then error('a count of media is no number') end
  return tonumber(value)
end
local function count(id, size)
  local before = number(redis.call('HGET', sizes, id))
  if size > 0 then redis.call('HSET', sizes, id, string.format('%.0f', size)) else redis.call('HDEL', sizes, id) end
  local total = number(redis.call('GET', bytes)) + size - before
  redis.call('SET', bytes, string.format('%.0f', math.max(total, 0)), 'KEEPTTL')
end
local function usedUntil(id, time)
  local key = use .. ':' .. id
  redis.call('ZREMRANGEBYSCORE', key, '-inf', time)
  local last = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
  return score(last[2])
end
local function extend(id, host, time, lease)
  local key = use .. ':' .. id
  redis.call('ZADD', key, 'GT', time + lease, host)
  redis.call('PEXPIRE', key, lease * 2)
end
local function doom(id, complete, time)
  local untilMs = usedUntil(id, time)
  if untilMs <= time then count(id, 0) end
  redis.call('ZADD', doomed, math.max(untilMs, time), (complete and 'o:' or 'w:') .. id)
  redis.call('HDEL', records, id)
  redis.call('ZREM', live, id)
  redis.call('ZREM', writing, id)
  return untilMs <= time
end
local function purge(time, limit)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', live, '-inf', time, 'LIMIT', 0, limit)) do doom(id, true, time) end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', writing, '-inf', time, 'LIMIT', 0, limit)) do doom(id, false, time) end
end
local function releaseUnused(time, limit)
  for _, member in ipairs(redis.call('ZRANGE', doomed, 0, limit - 1)) do
    local id = string.sub(member, 3, 66)
    if usedUntil(id, time) <= time then count(id, 0) end
  end
end
local function keep(ms)
  for index = 1, 6 do
    if redis.call('PTTL', KEYS[index]) < ms then redis.call('PEXPIRE', KEYS[index], ms) end
  end
end
`;

/** Time for which the keys of a guest stay after the last object could end, in milliseconds: hosts may be down meanwhile, and contents wait for deletion. */
export const KEEP_MS = 7 * 86_400_000;
