import { NOW, Script } from "../../script.ts";

/**
 * Takes the messages of an instance. Messages that have expired, are too large or have another form are left out.
 *
 * KEYS: the messages. ARGV: most messages, largest message in bytes.
 */
export const RECEIVE = new Script(
	"members.receive",
	`${NOW}
local at = now()
local result = {}
for _ = 1, tonumber(ARGV[1]) do
  local message = redis.call('LPOP', KEYS[1])
  if not message then break end
  if #message <= tonumber(ARGV[2]) + 16 then
    local expiry, text = string.match(message, '^(%d+):(.*)$')
    if expiry and #expiry < 16 and tonumber(expiry) > at then result[#result + 1] = text end
  end
end
return result
`,
);
