import { NOW, Script } from "../../script.ts";
import { OBJECTS } from "./object-keys.ts";

/** ARGV: id, size, sha256, media type, lifetime in ms, time for which the keys stay in ms. Returns 0 for a writer that counts as dead. */
export const COMMIT = new Script(
	"store media",
	`${NOW}${OBJECTS}
local id, size, lifetime = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[5])
if not redis.call('ZSCORE', writing, id) or number(redis.call('HGET', sizes, id)) < size then return 0 end
count(id, size)
redis.call('HSET', records, id, '1 ' .. ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
redis.call('ZADD', live, now() + lifetime, id)
redis.call('ZREM', writing, id)
keep(tonumber(ARGV[6]))
return 1`,
);
