import { Script } from "../../src/cluster/redis/script.ts";

const PASS = new Script(
	"pass time",
	`
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('TYPE', key).ok == 'zset' then
    for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, -tonumber(ARGV[1]), member) end
  end
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - tonumber(ARGV[1])) end
end`,
);

/** A connection that runs scripts. */
interface PassedStore {
	readonly connection: { run(script: Script, keys: readonly string[], args: readonly number[]): Promise<unknown> };
}

/** Advances the time of a store whose sorted sets hold times, without waiting: moves every time and every expiry back. */
export async function passTime({ connection }: PassedStore, ms: number): Promise<void> {
	await connection.run(PASS, [], [ms]);
}
