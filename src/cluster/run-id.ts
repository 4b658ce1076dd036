import { randomBytes } from "node:crypto";

/**
 * Returns the identifier of a new run, e.g. `news.0fIhq3mTz…`. The identifier names the agent, because all keys of the runs of an agent
 * are in one slot of a cluster of servers. The rest is random, and cannot be guessed.
 */
export function newRunId(agent: string): string {
	return `${agent}.${randomBytes(18).toString("base64url")}`;
}

/** Returns the agent that an identifier names; `undefined` for a text that is none. */
export function agentOfRun(id: string): string | undefined {
	const dot = id.lastIndexOf(".");
	return dot > 0 && /^[\w-]{24}$/.test(id.slice(dot + 1)) ? id.slice(0, dot) : undefined;
}
