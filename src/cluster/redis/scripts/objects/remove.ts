import { NOW, Script } from "../../script.ts";
import { OBJECTS } from "./object-keys.ts";

/** ARGV: id, host or '', lease of the deletion in ms, time for which the keys stay in ms. Returns 1 for a complete content to delete now, 2 for an incomplete one, 0 for later, -1 for an unknown one. */
export const REMOVE = new Script(
	"remove media",
	`${NOW}${OBJECTS}
local id, time = ARGV[1], now()
local complete = redis.call('ZSCORE', live, id)
if not complete and not redis.call('ZSCORE', writing, id) then return -1 end
if ARGV[2] ~= '' then redis.call('ZREM', use .. ':' .. id, ARGV[2]) end
if not doom(id, complete, time) then keep(tonumber(ARGV[4])) return 0 end
redis.call('ZADD', doomed, time + tonumber(ARGV[3]), (complete and 'o:' or 'w:') .. id)
keep(tonumber(ARGV[4]))
return complete and 1 or 2`,
);
