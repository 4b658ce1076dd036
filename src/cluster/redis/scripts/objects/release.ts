import { NOW, Script } from "../../script.ts";
import { OBJECTS } from "./object-keys.ts";

/** ARGV: host, ids of contents whose use ends. A content that only waited for this use is due at once. */
export const RELEASE = new Script(
	"release media",
	`${NOW}${OBJECTS}
local time = now()
for index = 2, #ARGV do
  local id = ARGV[index]
  redis.call('ZREM', use .. ':' .. id, ARGV[1])
  if usedUntil(id, time) == 0 and redis.call('HEXISTS', sizes, id) == 1 then
    for _, form in ipairs({'o:', 'w:'}) do redis.call('ZADD', doomed, 'XX', 'LT', time, form .. id) end
  end
end
return 1`,
);
