import { NOW, Script } from "../../script.ts";
import { OBJECTS } from "./object-keys.ts";

/** Longest record, in bytes. */
const MAX_RECORD = 1_024;

/** ARGV: id, host, lease in ms. Returns the record and the remaining lifetime; nothing for an object that is not stored. */
export const FIND = new Script(
	"find media",
	`${NOW}${OBJECTS}
local id, time = ARGV[1], now()
local ends = score(redis.call('ZSCORE', live, id))
if ends <= time then return false end
if redis.call('HSTRLEN', records, id) > ${MAX_RECORD} then return redis.error_reply('the record of a media object is too long') end
local record = redis.call('HGET', records, id)
if not record then return false end
extend(id, ARGV[2], time, tonumber(ARGV[3]))
return {record, string.format('%.0f', math.ceil(ends - time))}`,
);
