import { NOW, Script } from "../../script.ts";
import { OBJECTS } from "./object-keys.ts";

/** Most ended objects that one reservation releases. */
const PURGED = 100;

/** ARGV: id, first (1 or 0), bytes, wanted bytes, quota, most objects, lease in ms, time for which the keys stay in ms. */
export const RESERVE = new Script(
	"reserve media",
	`${NOW}${OBJECTS}
local id, least, wanted, quota, time = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), now()
purge(time, ${PURGED})
if ARGV[2] == '1' then
  if redis.call('ZCARD', live) + redis.call('ZCARD', writing) >= tonumber(ARGV[6]) then return {'objects'} end
elseif not redis.call('ZSCORE', writing, id) then return {'lost'} end
local used = number(redis.call('GET', bytes)) - number(redis.call('HGET', sizes, id))
local granted = wanted
if used + granted > quota then granted = least end
if used + granted > quota then
  releaseUnused(time, ${PURGED})
  used = number(redis.call('GET', bytes)) - number(redis.call('HGET', sizes, id))
end
if used + granted > quota then return {'bytes', string.format('%.0f', number(redis.call('GET', bytes)))} end
count(id, granted)
redis.call('ZADD', writing, time + tonumber(ARGV[7]), id)
keep(tonumber(ARGV[8]))
return {'granted', string.format('%.0f', granted)}`,
);
