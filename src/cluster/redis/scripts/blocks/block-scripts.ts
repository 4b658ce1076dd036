import { Script } from "../../script.ts";

/** ARGV: most bytes. Returns the block; nothing if it is not there. */
export const READ_BLOCK = new Script(
	"read block",
	`
if redis.call('STRLEN', KEYS[1]) > tonumber(ARGV[1]) then return redis.error_reply('a block of a content is too long') end
return redis.call('GET', KEYS[1])`,
);

/** ARGV: time in ms. Extends the life of each key. Returns the number of keys that are there. */
export const KEEP_BLOCKS = new Script(
	"keep blocks",
	`
local present = 0
for _, key in ipairs(KEYS) do
  local left = redis.call('PTTL', key)
  if left ~= -2 then
    present = present + 1
    if left < tonumber(ARGV[1]) then redis.call('PEXPIRE', key, ARGV[1]) end
  end
end
return present`,
);
