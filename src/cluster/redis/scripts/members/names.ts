import { NOW, Script } from "../../script.ts";

/**
 * Lists the names of live hosts.
 *
 * KEYS: the index of all hosts. ARGV: most names, longest name in bytes.
 * Returns the time of the store, the number of names that are too long, and the others.
 */
export const NAMES = new Script(
	"members.names",
	`${NOW}
local at = now()
local names, long = {}, 0
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. at, '+inf', 'LIMIT', 0, tonumber(ARGV[1]))) do
  if #name > tonumber(ARGV[2]) then long = long + 1 else names[#names + 1] = name end
end
return {at, long, names}
`,
);
