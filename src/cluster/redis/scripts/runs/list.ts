import { Script } from "../../script.ts";
import { WRITES } from "./library.ts";

/** Entries of the index that one call looks at. */
export const LISTED_PER_CALL = 200;

/**
 * Lists runs of an index, highest score first. Arguments: name of the index, rank of the first entry, most runs, 1 to ask for a guest, the guest, then the
 * states. Returns the runs, the number of entries that were looked at, and the changes.
 */
export const LIST_RUNS = new Script(
	"list runs",
	`${WRITES}
if ARGV[2] == '0' then tidy(16) end
local states = {}
for i = 6, #ARGV do states[ARGV[i]] = true end
local from, most = tonumber(ARGV[2]), tonumber(ARGV[3])
local rows, seen = {}, 0
for _, id in ipairs(call('ZREVRANGE', base .. ARGV[1], from, from + ${LISTED_PER_CALL - 1})) do
  if #rows >= most then break end
  seen = seen + 1
  local run = load(id)
  if run and (ARGV[4] == '0' or run.guest == ARGV[5]) and (#ARGV < 6 or states[run.state]) then rows[#rows + 1] = row(run) end
end
return {rows, seen, changes}
`,
);
