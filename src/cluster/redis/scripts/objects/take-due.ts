import { NOW, Script } from "../../script.ts";
import { OBJECTS } from "./object-keys.ts";

/** ARGV: most contents, lease in ms, time for which the keys stay in ms. Returns the time until the next content is due in ms, -1 if there is none, and the contents as `o:<id>` or `w:<id>`. */
export const TAKE_DUE = new Script(
	"take due media",
	`${NOW}${OBJECTS}
local time, limit, lease = now(), tonumber(ARGV[1]), tonumber(ARGV[2])
purge(time, limit)
local taken = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', doomed, '-inf', time, 'LIMIT', 0, limit)) do
  local id = string.sub(member, 3, 66)
  local untilMs = usedUntil(id, time)
  if untilMs > time then redis.call('ZADD', doomed, untilMs, member)
  else
    count(id, 0)
    redis.call('ZADD', doomed, time + lease, member)
    taken[#taken + 1] = string.sub(member, 1, 66)
  end
end
keep(tonumber(ARGV[3]))
local next = -1
for _, key in ipairs({live, writing, doomed}) do
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if first[2] then
    local wait = math.max(math.ceil(score(first[2]) - time), 0)
    if next < 0 or wait < next then next = wait end
  end
end
return {string.format('%.0f', next), taken}`,
);
