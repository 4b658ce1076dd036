import { Script } from "../../script.ts";

/**
 * Deletes the place of a host that this instance has.
 *
 * KEYS: the host, the index of all hosts, the prefix of the indexes by configuration, the messages of the instance.
 * ARGV: name, instance, length of a digest.
 */
export const LEAVE = new Script(
	"members.leave",
	`
redis.call('DEL', KEYS[4])
if redis.call('HSTRLEN', KEYS[1], 'instance') ~= #ARGV[2] then return 0 end
if redis.call('HGET', KEYS[1], 'instance') ~= ARGV[2] then return 0 end
if redis.call('HSTRLEN', KEYS[1], 'digest') == tonumber(ARGV[3]) then
  redis.call('ZREM', KEYS[3] .. ':' .. redis.call('HGET', KEYS[1], 'digest'), ARGV[1])
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
return 1
`,
);
