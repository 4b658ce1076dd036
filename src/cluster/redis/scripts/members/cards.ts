import { Script } from "../../script.ts";

/**
 * Reads cards of hosts.
 *
 * KEYS: the hosts. ARGV: length of an instance, largest card in bytes.
 * Returns for each host `{0}` if it is gone, `{1, instance, card, time of the renewal}`, or `{2}` for values of another form.
 */
export const CARDS = new Script(
	"members.cards",
	`
local result = {}
for index, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then
    result[index] = {0}
  elseif kind ~= 'hash' or redis.call('HSTRLEN', key, 'instance') ~= tonumber(ARGV[1])
      or redis.call('HSTRLEN', key, 'card') > tonumber(ARGV[2]) or redis.call('HSTRLEN', key, 'at') > 16 then
    result[index] = {2}
  else
    local values = redis.call('HMGET', key, 'instance', 'card', 'at')
    result[index] = {1, values[1], values[2] or '', values[3] or ''}
  end
end
return result
`,
);
