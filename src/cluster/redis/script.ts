import { hash } from "node:crypto";

/** A script that the server runs as one step. All times in scripts are those of the server. */
export class Script {
	/** Name for errors. */
	readonly name: string;
	/** Source in Lua. */
	readonly text: string;
	/** Digest by which the server knows the script. */
	readonly sha1: string;

	constructor(name: string, text: string) {
		this.name = name;
		this.text = text;
		this.sha1 = hash("sha1", text);
	}
}

/** Lua function `now()`: the time of the server, in milliseconds since 1970. */
export const NOW = `
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
`;
