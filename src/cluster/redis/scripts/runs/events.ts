import { EVENT_OVERHEAD_BYTES, MAX_EVENTS_PER_CALL } from "../../../run-bounds.ts";
import { Script } from "../../script.ts";
import { READS } from "./library.ts";

/**
 * Reads events. Arguments: id, offset and number of the position, most bytes. Returns the events, 1 if the run has ended and no event follows, and 1 if
 * events after the position were dropped; nothing for an unknown run.
 */
export const RUN_EVENTS = new Script(
	"events of run",
	`${READS}
local run, bad = load(ARGV[1])
if bad then return invalid('the run ' .. ARGV[1]) end
if not run then return false end
local ordinal, most = tonumber(ARGV[3]), tonumber(ARGV[4])
local key = base .. 'events:' .. run.id
local found = keytype(key)
local foreign = invalid('the value of ' .. key)
if found ~= 'stream' and found ~= 'none' then return foreign end
local events, last = {}, ordinal
local gap = run.count > ordinal and 1 or 0
if found == 'stream' then
  if call('MEMORY', 'USAGE', key, 'SAMPLES', 0) > 2 * run.maxevents + 2^20 then return foreign end
  local from = '(' .. ARGV[2] .. '-' .. ARGV[3]
  local first = call('XRANGE', key, from, '+', 'COUNT', 1)[1]
  local start = first and tonumber(string.match(first[1], '^(%d+)-'))
  if start then
    local to = string.format('(%.0f-0', start + most + ${EVENT_OVERHEAD_BYTES * MAX_EVENTS_PER_CALL})
    local bytes = 0
    for _, entry in ipairs(call('XRANGE', key, from, to, 'COUNT', ${MAX_EVENTS_PER_CALL})) do
      local fields = entry[2]
      if #fields ~= 4 or fields[1] ~= 'a' or fields[3] ~= 'c' then return foreign end
      bytes = bytes + #fields[4]
      if #events > 0 and bytes > most then break end
      local number = tonumber(string.match(entry[1], '-(%d+)$'))
      if #events == 0 then gap = number > ordinal + 1 and 1 or 0 end
      last = number
      events[#events + 1] = {entry[1], fields[2], fields[4]}
    end
  end
end
local ended = ENDS[run.state] and (#events == 0 or last >= run.count) and 1 or 0
return {events, ended, gap}
`,
);
