import { NOW, Script } from "../../script.ts";
import { OBJECTS } from "./object-keys.ts";

/** ARGV: host, lease in ms, number of objects being written, their ids, the ids of contents in use. */
export const RENEW = new Script(
	"renew media",
	`${NOW}${OBJECTS}
local time, lease, written = now(), tonumber(ARGV[2]), tonumber(ARGV[3])
for index = 4, #ARGV do
  if index < 4 + written then redis.call('ZADD', writing, 'XX', time + lease, ARGV[index])
  else extend(ARGV[index], ARGV[1], time, lease) end
end
return 1`,
);
